import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpResponse, HttpResult } from '../../net/port.ts';
import { networkFault } from '../network-fault.ts';
import { noVerdict } from '../no-verdict.ts';
import type { HashAnswer, ProviderContext, RequestFault, RequestResult } from '../port.ts';
import { faultOf, pageInstead, unreadable } from './faults.ts';
import { mapFile } from './map.ts';
import { readBody } from '../read-body.ts';
import { readError, readFile } from './read-answer.ts';

/** The digest a lookup was about. */
export interface Asked {
  readonly hash: HexDigest;
  readonly kind: DigestKind;
}

/** What one lookup brought: an answer, "no record", or what is at fault. */
export function resultOf(result: HttpResult, asked: Asked, context: ProviderContext): RequestResult {
  if (!result.ok) {
    const { elapsedMs } = result.fault;
    return { ok: false, httpStatus: null, elapsedMs, learned: [], fault: networkFault(result.fault) };
  }
  const { response } = result;
  const common = { httpStatus: response.status, elapsedMs: response.elapsedMs, learned: [] };
  const read = readResponse(response, asked, context);
  return 'hash' in read ? { ok: true, ...common, answers: [read] } : { ok: false, ...common, fault: read };
}

function readResponse(response: HttpResponse, asked: Asked, context: ProviderContext): HashAnswer | RequestFault {
  const body = readBody(response);
  if (response.status === 200) {
    return readFound(body, asked, context);
  }
  const error = readError(body);
  if (response.status === 404 && error?.code === 'NotFoundError') {
    return noVerdict(asked, 'not-known', { rawCode: 'NotFoundError' });
  }
  return faultOf(response, body, error, { key: context.key, now: context.now() });
}

function readFound(
  body: ReturnType<typeof readBody>,
  asked: Asked,
  context: ProviderContext,
): HashAnswer | RequestFault {
  if (body.kind === 'page') {
    return pageInstead();
  }
  if (body.kind !== 'json') {
    return unreadable(body.kind === 'empty' ? 'it is empty' : 'it is no JSON');
  }
  const file = readFile(body);
  if ('unreadableAt' in file) {
    return unreadable(`it is no file object, at ${file.unreadableAt}`);
  }
  const mapped = mapFile(file, asked, context.threshold);
  return mapped.kind === 'answer' ? mapped.answer : unreadable(mapped.why);
}
