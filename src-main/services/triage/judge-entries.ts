import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { decideEntry } from '#shared/domain/verdict.ts';
import { lastSeq } from '../../db/repositories/changes.ts';
import { kindsOfMask } from '../../intakes/intake-columns.ts';
import type { VerdictColumns } from '../../intakes/verdict-columns.ts';
import { digestOfBytes, type Digest } from './digest-keys.ts';
import { gatherEntry } from './gather.ts';
import { createLookup } from './lookup.ts';
import type { EntrySource, JudgeContext } from './port.ts';
import { openKnownSets } from './set-lookup.ts';
import { packVerdict, storeVerdict } from './store-verdict.ts';

const BLOCK = 4096;

export function judgeEntries(
  context: JudgeContext,
  entries: EntrySource,
  into: VerdictColumns,
  cancelled: () => boolean,
): { readonly seq: number } {
  const { db, now, policy } = context;
  const seq = lastSeq(db);
  const sets = openKnownSets(db, context.directory);
  try {
    const lookup = createLookup(db, sets, now);
    let base = 0;
    for (const [number, group] of entries.groups.entries()) {
      for (let from = 0; from < group.count; from += BLOCK) {
        if (cancelled()) {
          return { seq };
        }
        const count = Math.min(BLOCK, group.count - from);
        const bytes = entries.read(number, from, count);
        for (let entry = 0; entry < count; entry += 1) {
          const digests = digestsAt(bytes, entry * group.stride, group.mask);
          const evidence = gatherEntry(lookup, digests, group.link);
          storeVerdict(into, base + from + entry, packVerdict(decideEntry(evidence, policy, now)));
        }
      }
      base += group.count;
    }
    return { seq };
  } finally {
    sets.close();
  }
}

/** The digests of one entry, strongest first. */
export function digestsAt(bytes: Uint8Array, at: number, mask: number): readonly Digest[] {
  let from = at;
  return kindsOfMask(mask).map((kind) => {
    const digest = digestOfBytes(kind, bytes.subarray(from, from + DIGEST_BYTES[kind]));
    from += DIGEST_BYTES[kind];
    return digest;
  });
}
