import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { kindsOfMask, offsetInEntry } from '../../../intakes/intake-columns.ts';
import { keyOf } from '../digest-keys.ts';
import type { EntrySource } from '../port.ts';
import { isAliasPair, PAIR, pairCode, pairKind, withPair, type PlanColumns } from './pairs.ts';

const BLOCK_ROWS = 1 << 14;
const KIND_NUMBER: Readonly<Record<DigestKind, number>> = { md5: 0, sha1: 1, sha256: 2 };

/**
 * Entries may differ and yet be asked by the same digest: one row of a list has a SHA-256 alone, another one the SHA-256
 * with its MD5. It is asked once; for the others it counts as queued, as it will be by then.
 */
export function dropRepeats(entries: EntrySource, columns: PlanColumns): void {
  const groups = entries.groups.filter(({ count }) => count > 0);
  const [only, ...others] = groups;
  if (only === undefined || (others.length === 0 && kindsOfMask(only.mask).length === 1)) {
    // Entries of one digest each and of one kind are distinct.
    return;
  }
  const seen = columns.pairs.map(() => new Map<number, number>());
  let base = 0;
  for (const [number, group] of entries.groups.entries()) {
    for (let from = 0; from < group.count; from += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, group.count - from);
      // A copy: looking at an earlier entry reads into the same buffer.
      const block = entries.read(number, from, rows).slice(0, rows * group.stride);
      for (let row = 0; row < rows; row += 1) {
        const entry = base + from + row;
        for (const [source, pairs] of columns.pairs.entries()) {
          const packed = pairs[entry] as number;
          const kind = pairKind(packed);
          if (pairCode(packed) !== PAIR.ask || kind === null || isAliasPair(packed)) {
            continue;
          }
          const at = row * group.stride + offsetInEntry(group.mask, kind);
          const key = keyOf(block, at) * 4 + KIND_NUMBER[kind];
          const known = seen[source]?.get(key);
          if (known === undefined) {
            seen[source]?.set(key, entry);
          } else if (
            Buffer.compare(digestOf(entries, known, kind), block.subarray(at, at + DIGEST_BYTES[kind])) === 0
          ) {
            pairs[entry] = withPair(packed, 'queued');
          }
        }
      }
    }
    base += group.count;
  }
}

function digestOf(entries: EntrySource, entry: number, kind: DigestKind): Uint8Array {
  let place = entry;
  for (const [number, { count, mask }] of entries.groups.entries()) {
    if (place < count) {
      const at = offsetInEntry(mask, kind);
      return entries.read(number, place, 1).subarray(at, at + DIGEST_BYTES[kind]);
    }
    place -= count;
  }
  throw new RangeError(`there is no entry ${entry}`);
}
