import type { Judge } from './port.ts';
import { explainEntry } from './explain.ts';
import { judgeEntries } from './bulk/judge-entries.ts';
import type { Finders } from './bulk/walk-entries.ts';
import { rejudgeEntries } from './rejudge.ts';
import { withKnownSets } from './set-lookup.ts';

/** Judges entries against hash list, items and known sets. Stateless: everything it needs comes with the call. */
export function createJudge(finders: Finders = 'cheapest'): Judge {
  return {
    judge: (context, entries, into, cancelled) => judgeEntries(context, entries, into, cancelled, finders),
    rejudge: rejudgeEntries,
    explain: ({ db, directory, ...rest }, digests, link) =>
      withKnownSets(db, directory, (sets) => explainEntry({ db, directory, ...rest }, sets, digests, link)),
  };
}
