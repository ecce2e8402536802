import type { DueItemsArgs } from '../../db/repositories/life/due.ts';
import { createCandidates, type Candidates } from './candidates.ts';
import type { RescanParts } from './port.ts';

/** File ids looked at in one read: some milliseconds, so that nobody waits behind it. */
const RANGE = 5_000;

export type SweepArgs = Pick<DueItemsArgs, 'now' | 'policy' | 'thresholds' | 'unasked'>;

/** Looks through all items for those that are due. Null when it was broken off. `busyMs` is the time the reads took. */
export async function sweep(
  { store, timer }: Pick<RescanParts, 'store' | 'timer'>,
  args: SweepArgs,
  signal: AbortSignal,
): Promise<{ readonly candidates: Candidates; readonly busyMs: number } | null> {
  const candidates = createCandidates();
  let busyMs = 0;
  for (let from: number | null = 0; from !== null;) {
    if (signal.aborted) {
      return null;
    }
    const began = timer.steady();
    const { found, next } = await store.dueItems({ ...args, from, to: from + RANGE, cuts: candidates.cuts() });
    busyMs += timer.steady() - began;
    candidates.add(found);
    from = next;
  }
  candidates.finish();
  return { candidates, busyMs };
}
