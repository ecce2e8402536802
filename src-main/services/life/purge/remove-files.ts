import type { Database } from '../../../db/port.ts';
import type { AgedFile, AgedRule } from '../../../db/repositories/life/aged.ts';
import type { KeptKeys } from './kept-keys.ts';
import type { Purged } from '../port.ts';

/** Removes what a rule names of these files. What an intake that is kept since then holds stays. */
export async function removeFiles(
  database: Database,
  removal: {
    readonly rule: AgedRule;
    readonly files: readonly AgedFile[];
    readonly kept: KeptKeys;
    /** Seconds since the epoch; all that is removed with the same one is counted together. */
    readonly now: number;
  },
  signal: AbortSignal,
): Promise<Omit<Purged, 'askedBefore'>> {
  const { rule, kept, now } = removal;
  const total = { items: 0, files: 0, reports: 0 };
  for (let files = removal.files; files.length > 0;) {
    const gone = await database.write(
      'removeAged',
      { rule, fileIds: files.map(({ id }) => id), intakes: kept.intakes, now, countedAt: now },
      'bulk',
      signal,
    );
    total.items += gone.items;
    total.files += gone.files;
    total.reports += gone.reports;
    files = files.slice(gone.done);
    if (gone.newIntakes.length > 0) {
      await kept.add(gone.newIntakes, signal);
      files = files.filter((file) => !kept.holds(file.keys));
    }
  }
  return total;
}
