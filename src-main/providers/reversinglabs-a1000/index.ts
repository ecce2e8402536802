import type { DigestKind, DigestSet, HexDigest } from '#shared/domain/hash.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { checkKind } from '../check-kind.ts';
import type { Provider } from '../port.ts';
import { getClassification, postList } from './client.ts';
import { a1000Facts, MOST_PER_LIST, reachesCloud } from './facts.ts';
import { listResult, singleResult } from './result.ts';
import { testConnection } from './test-connection.ts';
import { wordsOf } from './verdict.ts';

/**
 * ReversingLabs A1000, an appliance of the customer's own: lists of what it has, and, where that is allowed, single
 * look-ups that it passes on to its vendor's cloud.
 */
export const a1000: Provider = {
  facts: a1000Facts,
  async ask(hashes, kind, context, signal) {
    checkKind(a1000Facts, kind);
    if (hashes.length === 0 || hashes.length > MOST_PER_LIST) {
      throw new RangeError(`ReversingLabs A1000 takes 1 to ${MOST_PER_LIST} hashes per request, not ${hashes.length}`);
    }
    return listResult(await postList(hashes, context, signal), hashes, kind, context);
  },
  async askOne(hash: HexDigest, kind: DigestKind, context, signal) {
    checkKind(a1000Facts, kind);
    const cloud = reachesCloud(context.config);
    return singleResult(await getClassification(hash, !cloud, context, signal), { hash, kind, cloud }, context);
  },
  test: testConnection,
  page: pageOf,
  word: wordsOf,
};

/** The appliance's page of a file by its SHA-1, else its search for the digest; none where it is not reached by https. */
function pageOf({ sha256, sha1, md5 }: DigestSet, { url }: SourceConfig): string | null {
  const base = url.replace(/\/+$/, '').toLowerCase().startsWith('https://') ? url.replace(/\/+$/, '') : null;
  if (base === null) {
    return null;
  }
  if (sha1 !== undefined) {
    return `${base}/${sha1.toLowerCase()}/`;
  }
  const digest = sha256 ?? md5;
  return digest === undefined ? null : `${base}/?q=${digest.toLowerCase()}`;
}
