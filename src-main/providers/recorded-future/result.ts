import type { HexDigest, DigestKind } from '#shared/domain/hash.ts';
import type { HttpResponse, HttpResult } from '../../net/port.ts';
import { isAboutSomethingElse } from '../about-something-else.ts';
import { networkFault } from '../network-fault.ts';
import { ownWords } from '../own-words.ts';
import type { HashAnswer, ProviderContext, RequestFault, RequestResult } from '../port.ts';
import { readBody, type Body } from '../read-body.ts';
import { notKnown, type Asked } from './answer.ts';
import { faultOf, pageInstead, unreadable, wordsOf, type AskedFor } from './faults.ts';
import { mapBulk, readBulk } from './map-bulk.ts';
import { mapSingle } from './map-single.ts';
import { errorSchema, singleSchema } from './schema.ts';

type Read =
  | { readonly kind: 'answers'; readonly answers: readonly HashAnswer[] }
  | { readonly kind: 'fault'; readonly fault: RequestFault };

/** What a 404 says of a hash nothing is known of; one without a word, in the API's own form, says the same. */
const NOTHING_KNOWN =
  /^$|\bnot found\b|\bno\b.*\bfound\b|\bno (?:data|record|information)\b|\b(?:does not|doesn't) exist\b/i;

/** What a bulk call brought: one answer per hash, or what is at fault. */
export function bulkResult(result: HttpResult, asked: Asked, context: ProviderContext): RequestResult {
  return resultOf(result, (response) => {
    const body = readBody(response);
    if (response.status !== 200) {
      return failed(faultOf(response, body, askedFor('bulk', asked.hashes.length, context)));
    }
    return readOk(body, context, (json) => {
      const entries = readBulk(json, asked);
      return entries === null
        ? failed(unreadable('it has no results'))
        : { kind: 'answers', answers: mapBulk(asked, entries, context) };
    });
  });
}

/** What a single call brought: the answer, "nothing is known", or what is at fault. */
export function singleResult(
  result: HttpResult,
  asked: { readonly hash: HexDigest; readonly kind: DigestKind },
  context: ProviderContext,
): RequestResult {
  return resultOf(result, (response) => {
    const body = readBody(response);
    if (response.status === 404 && isNothingKnown(body)) {
      return { kind: 'answers', answers: [notKnown(asked.hash, asked.kind, '404')] };
    }
    if (response.status !== 200) {
      return failed(faultOf(response, body, askedFor('single', 1, context)));
    }
    return readOk(body, context, (json) => {
      const parsed = singleSchema.safeParse(json.value);
      if (!parsed.success) {
        const path = parsed.error.issues[0]?.path.join('.') ?? '';
        return failed(unreadable(`it is about no hash, at ${path === '' ? 'the top' : path}`));
      }
      const answer = mapSingle(parsed.data.data, asked, context);
      return answer === null ? failed(unreadable('it is about another hash')) : { kind: 'answers', answers: [answer] };
    });
  });
}

function resultOf(result: HttpResult, read: (response: HttpResponse) => Read): RequestResult {
  if (!result.ok) {
    const { elapsedMs } = result.fault;
    return { ok: false, httpStatus: null, elapsedMs, learned: [], fault: networkFault(result.fault) };
  }
  const { response } = result;
  const common = { httpStatus: response.status, elapsedMs: response.elapsedMs, learned: [] };
  const found = read(response);
  return found.kind === 'answers'
    ? { ok: true, ...common, answers: found.answers }
    : { ok: false, ...common, fault: found.fault };
}

/** An answer with status 200, as far as it is one at all. */
function readOk(body: Body, { key }: ProviderContext, read: (json: Body & { kind: 'json' }) => Read): Read {
  if (body.kind === 'page') {
    return failed(pageInstead());
  }
  if (body.kind !== 'json') {
    return failed(unreadable(body.kind === 'empty' ? 'it is empty' : 'it is no JSON'));
  }
  const isPart = hasField(body.value, 'data');
  const words = isPart && !hasField(body.value, 'error') ? '' : ownWords(wordsOf(body), key);
  if (words !== '') {
    return failed(unreadable(`it is an error, "${words}"`));
  }
  // Beside an error the data may be half of them, or none: what is not among them is not "not known".
  return isPart && hasField(body.value, 'error') ? failed(unreadable('it is an error')) : read(body);
}

/** Whether an object has more under this name than nothing, null or false. */
function hasField(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Boolean((value as Readonly<Record<string, unknown>>)[name]);
}

/** `{"error": {"status": 404, "message": "Not found"}}`; any other 404 is that of a wrong address. */
function isNothingKnown(body: Body): boolean {
  const error = body.kind === 'json' ? errorSchema.safeParse(body.value).data?.error : undefined;
  if (typeof error !== 'object' || error === null) {
    return false;
  }
  const words = wordsOf(body);
  const isSaid = error.status === 404 || ((error.status ?? null) === null && words !== '');
  return isSaid && NOTHING_KNOWN.test(words) && !isAboutSomethingElse(words);
}

function askedFor(by: AskedFor['by'], hashes: number, context: ProviderContext): AskedFor {
  return { by, hashes, key: context.key, now: context.now() };
}

function failed(fault: RequestFault): Read {
  return { kind: 'fault', fault };
}
