import { DIGEST_BYTES } from '#shared/domain/hash.ts';
import { decideEntry } from '#shared/domain/verdict.ts';
import { lastSeq } from '../../../db/repositories/changes.ts';
import { kindsOfMask } from '../../../intakes/intake-columns.ts';
import type { VerdictColumns } from '../../../intakes/verdict-columns.ts';
import { digestOfBytes, type Digest } from '../digest-keys.ts';
import { gatherEntry } from '../gather.ts';
import type { EntrySource, Judge, JudgeContext } from '../port.ts';
import { packVerdict } from '../store-verdict.ts';
import type { Chunk } from './chunk.ts';
import { decideRows } from './decide-rows.ts';
import { walkEntries, type Finders } from './walk-entries.ts';

/** Judges every entry; what was damaged on the way is named among the problems. */
export function judgeEntries(
  context: JudgeContext,
  entries: EntrySource,
  into: VerdictColumns,
  cancelled: () => boolean,
  finders: Finders = 'cheapest',
): ReturnType<Judge['judge']> {
  const { db, now, policy } = context;
  const seq = lastSeq(db);
  const { problems } = walkEntries(context, entries, cancelled, finders, (chunk, base, { pool, combos, lookup }) => {
    const slow = (of: Chunk, row: number) => {
      const bytes = entries.read(of.group, of.from + row, 1);
      return packVerdict(decideEntry(gatherEntry(lookup, digestsAt(bytes, 0, of.mask), of.link), policy, now));
    };
    decideRows({ pool, combos, policy, now, cancelled, slow }, chunk, into, base);
  });
  return { seq, problems };
}

/** The digests of one entry, strongest first. */
export function digestsAt(bytes: Uint8Array, at: number, mask: number): readonly Digest[] {
  let from = at;
  return kindsOfMask(mask).map((kind) => {
    const digest = digestOfBytes(kind, bytes.slice(from, from + DIGEST_BYTES[kind]));
    from += DIGEST_BYTES[kind];
    return digest;
  });
}
