import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpResponse, HttpResult } from '../../net/port.ts';
import { isAboutSomethingElse } from '../about-something-else.ts';
import { networkFault } from '../network-fault.ts';
import type { HashAnswer, ProviderContext, RequestFault, RequestResult } from '../port.ts';
import { faultOf, textOf, unreadable } from './faults.ts';
import { mapEntries, notKnown } from './map.ts';
import { optionsOf } from './options.ts';
import { isOfService, readAnswerBody, readBulk, readSingle, toldInside, type AnswerBody } from './read-answer.ts';

type Read = { readonly answers: readonly HashAnswer[] } | { readonly fault: RequestFault };

/** What a bulk request brought. */
export function bulkResult(
  result: HttpResult,
  asked: { readonly hashes: readonly HexDigest[]; readonly kind: DigestKind },
  context: ProviderContext,
): RequestResult {
  return resultOf(result, (response) => {
    const body = readAnswerBody(response);
    if (response.status !== 200) {
      return { fault: faultOf(response, body, context) };
    }
    const bulk = readBulk(body);
    return bulk === null
      ? { fault: unreadable(body) }
      : { answers: mapEntries({ ...asked, options: optionsOf(context.config) }, bulk.entries, bulk.invalid) };
  });
}

/** What a question about one digest brought. */
export function singleResult(
  result: HttpResult,
  asked: { readonly hash: HexDigest; readonly kind: DigestKind },
  context: ProviderContext,
): RequestResult {
  return resultOf(result, (response) => {
    const { hash, kind } = asked;
    const body = readAnswerBody(response);
    if (response.status === 404 && isNoRecord(body, hash)) {
      return { answers: [notKnown(hash, kind)] };
    }
    if (response.status !== 200) {
      return { fault: faultOf(response, body, context) };
    }
    const entry = readSingle(body);
    return entry === null
      ? { fault: unreadable(body) }
      : { answers: mapEntries({ hashes: [hash], kind, options: optionsOf(context.config) }, [entry], []) };
  });
}

/** A 404 is "no record" only in the service's own envelope, and when that says nothing else and is about no other file. */
function isNoRecord(body: AnswerBody, hash: HexDigest): boolean {
  const { status, queried } = toldInside(body);
  const isSaid = isOfService(body) && (status === null || status.toUpperCase() === 'UNKNOWN');
  return isSaid && queried.every((digest) => digest === hash) && !isAboutSomethingElse(textOf(body));
}

function resultOf(result: HttpResult, read: (response: HttpResponse) => Read): RequestResult {
  if (!result.ok) {
    const { elapsedMs } = result.fault;
    return { ok: false, httpStatus: null, elapsedMs, learned: [], fault: networkFault(result.fault) };
  }
  const { response } = result;
  const common = { httpStatus: response.status, elapsedMs: response.elapsedMs, learned: [] };
  const found = read(response);
  return 'answers' in found
    ? { ok: true, ...common, answers: found.answers }
    : { ok: false, ...common, fault: found.fault };
}
