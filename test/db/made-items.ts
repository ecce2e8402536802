import { createHash } from 'node:crypto';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';

const hex = (kind: string, seed: unknown): HexDigest =>
  createHash(kind).update(String(seed)).digest('hex') as HexDigest;
export const md5 = (seed: unknown): HexDigest => hex('md5', seed);
export const sha1 = (seed: unknown): HexDigest => hex('sha1', seed);
export const sha256 = (seed: unknown): HexDigest => hex('sha256', seed);

/** What a source said, with the digests it named. */
export function item(digests: DigestSet, over: Partial<ItemRecord> = {}): ItemRecord {
  return {
    digests,
    source: 5,
    status: 4,
    noAnswer: null,
    score: null,
    threat: null,
    rawCode: null,
    firstSeen: null,
    scannedAt: 100,
    ...over,
  };
}
