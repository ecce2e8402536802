import { setImmediate as nextTurn } from 'node:timers/promises';
import { CACHE_AGES } from '#shared/domain/usage/panels.ts';
import type { Database } from '../../../db/port.ts';
import type { SlowLook } from './sampling.ts';

const HOUR_SECONDS = 3_600;

/**
 * Counts answered items by the time since they were last heard of, once an hour. In short reads, with others in between.
 */
export function createCacheAge(database: Pick<Database, 'read'>): SlowLook {
  let lookedAt: number | null = null;
  return async (nowMs, signal) => {
    const now = Math.floor(nowMs / 1000);
    if (lookedAt !== null && now >= lookedAt && now - lookedAt < HOUR_SECONDS) {
      return null;
    }
    const sums = CACHE_AGES.map(() => 0);
    const days = CACHE_AGES.map((age) => age.days);
    for (let after: number | null = 0; after !== null;) {
      signal.throwIfAborted();
      const part: { readonly counts: readonly number[]; readonly next: number | null } = await database.read(
        'itemAges',
        { days, now, after },
      );
      part.counts.forEach((count, index) => {
        sums[index] = (sums[index] ?? 0) + count;
      });
      after = part.next;
      await nextTurn();
    }
    lookedAt = now;
    return {
      kinds: ['cacheAge'],
      values: CACHE_AGES.map(({ key }, index) => ({ kind: 'cacheAge', detail: key, amount: sums[index] ?? 0 }) as const)
        // Of what is 0 nothing is written.
        .filter(({ amount }) => amount > 0),
    };
  };
}
