import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { LifePolicy } from '#shared/domain/life.ts';
import type { Database } from '../../../db/port.ts';
import type { LifeTotals } from '../../../db/repositories/life/effects.ts';

/** What decides when items are due, and which of them are malicious. */
export interface LifeRules {
  readonly policy: LifePolicy;
  readonly thresholds: VerdictPolicy['thresholds'];
}

/**
 * What all answered items come to under these rules, by the code of their source; `now` is seconds since the epoch. One
 * pass in short reads, and between two of them it is looked whether it is still wanted.
 */
export async function itemTotals(
  database: Pick<Database, 'read'>,
  { policy, thresholds }: LifeRules,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, LifeTotals>> {
  const sums = new Map<number, LifeTotals>();
  for (let after: number | null = 0; after !== null;) {
    signal.throwIfAborted();
    const stretch: { readonly totals: readonly LifeTotals[]; readonly next: number | null } = await database.read(
      'lifeTotals',
      { policy, thresholds, now, after },
    );
    for (const totals of stretch.totals) {
      sums.set(totals.source, added(sums.get(totals.source), totals));
    }
    after = stretch.next;
  }
  signal.throwIfAborted();
  return sums;
}

function added(sum: LifeTotals | undefined, more: LifeTotals): LifeTotals {
  return sum === undefined
    ? more
    : {
        source: sum.source,
        items: sum.items + more.items,
        overdue: sum.overdue + more.overdue,
        overdueMalicious: sum.overdueMalicious + more.overdueMalicious,
        dueNextDay: sum.dueNextDay + more.dueNextDay,
        answersPerDay: sum.answersPerDay + more.answersPerDay,
        notKnownPerDay: sum.notKnownPerDay + more.notKnownPerDay,
      };
}
