import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { checkKind } from '../check-kind.ts';
import type { ConnectionTest, Provider, ProviderContext, RequestResult } from '../port.ts';
import { TEST_HASH } from '../test-hash.ts';
import { BULK_PATHS, getHash, postEnrichment, type BulkPath } from './client.ts';
import { recordedFutureFacts } from './facts.ts';
import { bulkResult, singleResult } from './result.ts';
import { labelOf } from './risk.ts';

const PAGES = 'https://app.recordedfuture.com/live/sc/entity/hash%3A';

/**
 * Recorded Future, asked in bulk for the risk of many hashes, and one by one for dates, digests and related malware. It
 * rates risk and calls no file clean.
 */
export const recordedFuture: Provider = {
  facts: recordedFutureFacts,
  async ask(hashes, kind, context, signal) {
    checkKind(recordedFutureFacts, kind);
    const path = bulkPathOf(context);
    const [hash] = hashes;
    if (hash === undefined || hashes.length > (path === null ? 1 : recordedFutureFacts.mostHashesPerRequest)) {
      throw new RangeError(`Recorded Future takes no ${hashes.length} hashes in this request`);
    }
    return path === null
      ? lookUp(hash, kind, context, signal)
      : bulkResult(await postEnrichment(path, hashes, context, signal), { hashes, kind }, context);
  },
  async askOne(hash, kind, context, signal) {
    // A token that may ask only in bulk is not taken for a refused one because somebody opened an item.
    return context.config.options['details'] === 'off'
      ? recordedFuture.ask([hash], kind, context, signal)
      : lookUp(hash, kind, context, signal);
  },
  async test(context, signal) {
    const path = bulkPathOf(context);
    const asked = { hashes: [TEST_HASH], kind: 'sha256' } as const;
    return path === null
      ? testOf(await lookUp(TEST_HASH, 'sha256', context, signal), 'one by one')
      : testOf(bulkResult(await postEnrichment(path, asked.hashes, context, signal), asked, context), inBulk(context));
  },
  page({ sha256, sha1, md5 }) {
    const digest = sha256 ?? sha1 ?? md5;
    return digest === undefined ? null : `${PAGES}${digest.toLowerCase()}`;
  },
  word: labelOf,
};

/** Everything about one hash, by the single call. */
async function lookUp(
  hash: HexDigest,
  kind: DigestKind,
  context: ProviderContext,
  signal: AbortSignal,
): Promise<RequestResult> {
  checkKind(recordedFutureFacts, kind);
  return singleResult(await getHash(hash, context, signal), { hash, kind }, context);
}

/** The bulk API this token may use; null for none. */
function bulkPathOf({ config }: ProviderContext): BulkPath | null {
  const path = config.options['bulkPath'];
  return (Object.keys(BULK_PATHS) as BulkPath[]).find((one) => one === path) ?? null;
}

/** A token may ask in bulk and not one by one; a test is one call, and does not find that out. */
function inBulk({ config }: ProviderContext): string {
  return recordedFutureFacts.singleCalls?.(config) === 'details'
    ? 'in bulk. Whether it may look up details, too, shows with the first malicious hash'
    : 'in bulk';
}

/** The test asks the way a scan would: a token may do the one and not the other. */
function testOf(result: RequestResult, way: string): ConnectionTest {
  const { httpStatus, elapsedMs, learned } = result;
  const common = { learned, httpStatus, elapsedMs };
  if (!result.ok) {
    const { at, message, sent } = result.fault;
    return { ...common, ok: false, at, message, billed: sent ? 1 : 0, sent };
  }
  const [answer] = result.answers;
  if (answer === undefined || answer.outcome === 'protocol') {
    const message = answer?.note ?? 'Recorded Future gave no answer.';
    return { ...common, ok: false, at: 'answer', message, billed: 1 };
  }
  const message = `Recorded Future answers, takes the token, and may be asked ${way}.`;
  return { ...common, ok: true, at: null, message, billed: 1 };
}
