import { decideEntry } from '#shared/domain/verdict.ts';
import { entryById } from '../../db/repositories/evidence.ts';
import { digestsAt } from './bulk/judge-entries.ts';
import type { Digest } from './digest-keys.ts';
import { findRows } from './find-rows.ts';
import { gatherEntry } from './gather.ts';
import { createLookup, entryOf, type Lookup } from './lookup.ts';
import { afterChange, beforeAndAfter, entriesOf, type ListOverlay } from './overlay.ts';
import type { EntrySource, JudgeContext } from './port.ts';
import { spread } from './rejudge.ts';
import { leavingOutDamaged, openKnownSets } from './set-lookup.ts';
import { packVerdict, type PackedVerdict } from './store-verdict.ts';

/** A row whose verdict a change of the hash list would change. */
export interface ChangedRow {
  readonly before: PackedVerdict;
  readonly after: PackedVerdict;
}

/** What a planned change of the hash list does to the rows of lists. */
export interface Effect {
  /** Every digest through which a row may feel the change. */
  readonly touched: ReadonlyMap<string, Digest>;
  /** The rows of one list whose verdict would be another, in entry order. */
  on(entries: EntrySource): ChangedRow[];
  close(): void;
}

/**
 * Opens the question what a planned change would do: every row is judged as it is and as it would be, by the judging that
 * is used for everything else. Null when the change touches too much to be told this way. Close it.
 */
export function openEffect(context: JudgeContext, overlay: ListOverlay): Effect | null {
  const { db, now, policy } = context;
  const sets = openKnownSets(db, context.directory);
  const lookup = createLookup(db, leavingOutDamaged(sets), now);
  const touched = spread(beforeAndAfter(lookup, overlay), namedBy(context, overlay));
  if (touched === null) {
    sets.close();
    return null;
  }
  const after = afterChange(lookup, overlay);
  return {
    touched,
    on(entries) {
      return findRows(entries, touched).flatMap(({ bytes, group }) => {
        const judge = (by: Lookup): PackedVerdict =>
          packVerdict(decideEntry(gatherEntry(by, digestsAt(bytes, 0, group.mask), group.link), policy, now));
        const row = { before: judge(lookup), after: judge(after) };
        return isSame(row) ? [] : [row];
      });
    },
    close: () => sets.close(),
  };
}

function namedBy({ db }: JudgeContext, overlay: ListOverlay): Map<string, Digest> {
  const gone = overlay.gone.flatMap((id) => {
    const row = entryById(db, id);
    return row === undefined ? [] : [entryOf(row)];
  });
  const digests = [...gone, ...entriesOf(overlay)].flatMap((entry) => entry.digests);
  return new Map(digests.map((digest) => [digest.hex, digest]));
}

function isSame({ before, after }: ChangedRow): boolean {
  return (
    before.status === after.status &&
    before.rule === after.rule &&
    before.source === after.source &&
    before.agreeing === after.agreeing &&
    before.flags === after.flags &&
    before.answeredAt === after.answeredAt
  );
}
