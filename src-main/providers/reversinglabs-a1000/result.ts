import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpResponse, HttpResult } from '../../net/port.ts';
import { networkFault } from '../network-fault.ts';
import { noVerdict } from '../no-verdict.ts';
import { ownWords } from '../own-words.ts';
import type { HashAnswer, ProviderContext, RequestFault, RequestResult } from '../port.ts';
import { readBody, type Body } from '../read-body.ts';
import type { Asked } from './answer.ts';
import { reachesCloud } from './facts.ts';
import { faultOf, pageInstead, unreadable } from './faults.ts';
import { mapList } from './list.ts';
import { classificationSchema, listSchema } from './schema.ts';
import { errorIn, saysNotKnown } from './saying.ts';
import { mapClassification } from './single.ts';

type Read = readonly HashAnswer[] | RequestFault;

/** What a list brought: an answer per hash, or what is at fault. The vendor's cloud has no part in it. */
export function listResult(
  result: HttpResult,
  hashes: readonly HexDigest[],
  kind: DigestKind,
  context: ProviderContext,
): RequestResult {
  return resultOf(result, (response) => {
    const body = readBody(response);
    if (response.status !== 200) {
      return faultOf(response, body, { key: context.key, now: context.now(), cloud: false });
    }
    const list = jsonOf(body);
    if ('fault' in list) {
      return list.fault;
    }
    const parsed = listSchema.safeParse(list.value);
    if (!parsed.success) {
      return unreadable('it holds no list of results');
    }
    const error = ownWords(errorIn(list.value), context.key);
    return error !== '' && parsed.data.results.length === 0
      ? unreadable(`it is an error, "${error}"`)
      : mapList({ hashes, kind, cloud: reachesCloud(context.config), isWhole: error === '' }, parsed.data);
  });
}

/** What a single look-up brought. `asked.cloud`: the appliance was allowed to ask its vendor's cloud. */
export function singleResult(
  result: HttpResult,
  asked: Asked & { readonly cloud: boolean },
  context: ProviderContext,
): RequestResult {
  return resultOf(result, (response) => {
    const body = readBody(response);
    if (response.status === 404 && saysNotKnown(body)) {
      return [noVerdict(asked, 'not-known')];
    }
    if (response.status !== 200) {
      return faultOf(response, body, { key: context.key, now: context.now(), cloud: asked.cloud });
    }
    const found = jsonOf(body);
    if ('fault' in found) {
      return found.fault;
    }
    const parsed = classificationSchema.safeParse(found.value);
    const mapped = parsed.success ? mapClassification(asked, parsed.data) : { why: 'it holds no classification' };
    return 'why' in mapped ? unreadable(mapped.why) : [mapped];
  });
}

/** The JSON of an answer with status 200, or the fault of one that has none. */
export function jsonOf(body: Body): { readonly value: unknown } | { readonly fault: RequestFault } {
  if (body.kind === 'json') {
    return { value: body.value };
  }
  if (body.kind === 'page') {
    return { fault: pageInstead() };
  }
  return { fault: unreadable(body.kind === 'empty' ? 'it is empty' : 'it is no JSON') };
}

function resultOf(result: HttpResult, read: (response: HttpResponse) => Read): RequestResult {
  if (!result.ok) {
    const { elapsedMs } = result.fault;
    return { ok: false, httpStatus: null, elapsedMs, learned: [], fault: networkFault(result.fault) };
  }
  const { response } = result;
  const common = { httpStatus: response.status, elapsedMs: response.elapsedMs, learned: [] };
  const found = read(response);
  return isFault(found) ? { ok: false, ...common, fault: found } : { ok: true, ...common, answers: found };
}

function isFault(read: Read): read is RequestFault {
  return 'outcome' in read;
}
