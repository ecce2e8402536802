import type { LifePolicy } from '#shared/domain/life.ts';
import { sourceCode } from '#shared/domain/source.ts';
import type { ReadySource } from '../../services/sources/port.ts';
import type { Candidates } from './candidates.ts';
import type { RescanParts } from './port.ts';

/** Most rows that wait to be asked again. */
const LONGEST = 1_000;
/** And fewest that are fed to, so that a source of small batches is not fed with every request. */
const SHORTEST = 100;
/** Candidates handed over at once. */
const PAGE = 256;

export interface FeedOrder {
  readonly source: ReadySource;
  readonly purpose: 'new' | 'rescan';
  /** Rows that wait already. */
  readonly waiting: number;
  readonly policy: LifePolicy;
}

/** Rows of a source that are kept waiting to be asked again: about two batches, not more than a thousand. */
export function targetOf(hashesPerRequest: number): number {
  return Math.min(LONGEST, Math.max(SHORTEST, 2 * hashesPerRequest));
}

/** Fills up what waits for a source when less than half of it is left. */
export async function feedSource(
  { store, timer }: Pick<RescanParts, 'store' | 'timer'>,
  candidates: Candidates,
  { source, purpose, waiting, policy }: FeedOrder,
): Promise<void> {
  const { config, provider } = source;
  const { facts } = provider;
  const code = sourceCode(facts.source);
  const target = targetOf(Math.min(config.hashesPerRequest, facts.mostHashesPerRequest));
  let room = waiting <= target / 2 ? target - waiting : 0;
  while (room > 0) {
    const count = Math.min(PAGE, room);
    const files = purpose === 'new' ? candidates.unasked(code, count) : candidates.rescans(code, count);
    if (files.length === 0) {
      return;
    }
    const order = { source: code, takes: facts.takes, policy, purpose, files, most: room, at: timer.now() };
    const { queued, looked } = await store.feed(order);
    candidates.take(code, files, purpose, looked);
    room -= queued;
    if (looked < files.length) {
      // Held back: nothing more is queued now.
      return;
    }
  }
}
