import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../../db/port.ts';
import type { AgedFile, AgedRule } from '../../../db/repositories/life/aged.ts';
import type { KeptKeys } from './kept-keys.ts';

/** A stretch of what a rule names, with what kept intakes hold taken out of it. */
export interface Stretch {
  readonly files: readonly AgedFile[];
  /** Items (for reports: reports) the rule names that stay because a kept intake holds their file. */
  readonly inIntake: number;
  /** Files of the walk up to this id are done. */
  readonly upTo: number;
}

/** What a rule names at this moment, in short reads; `now` is seconds since the epoch. */
export async function* walk(
  database: Database,
  rule: AgedRule,
  kept: KeptKeys,
  now: number,
  signal: AbortSignal,
): AsyncGenerator<Stretch> {
  for (let after: number | null = 0; after !== null;) {
    // In place, reads come back at once: a stop is heard in between.
    await nextTurn();
    signal.throwIfAborted();
    const page: { readonly files: readonly AgedFile[]; readonly next: number | null } = await database.read(
      'agedPage',
      {
        rule,
        after,
        now,
      },
    );
    const free = page.files.filter((file) => !kept.holds(file.keys));
    const inIntake = sumOf(page.files) - sumOf(free);
    yield { files: free, inIntake, upTo: page.next ?? Number.POSITIVE_INFINITY };
    after = page.next;
  }
}

function sumOf(files: readonly AgedFile[]): number {
  return files.reduce((sum, file) => sum + file.items.length, 0);
}
