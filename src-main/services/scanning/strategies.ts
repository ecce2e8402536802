import type { FlightPlan } from '#shared/contract/scan.ts';
import { STRATEGIES, type Strategy } from '#shared/domain/outcome.ts';
import type { Now } from './forecast.ts';
import { afterEarlier, mostToldFirst, type PlannedSource } from './order.ts';

/** When a scan ends under a strategy, at the latest: as if no source said malicious. Null when one source cannot tell. */
export function latestEnd(strategy: Strategy, planned: readonly PlannedSource[], at: Now): number | null {
  const asked = planned.filter(({ totals }) => totals.pairs.ask > 0);
  return strategy === 'cheapest' ? endInTurn(mostToldFirst(asked), at) : lastEnd(asked, at);
}

/** The sources that are asked, in the order in which they are expected to answer under a strategy. */
export function inOrderOf(strategy: Strategy, planned: readonly PlannedSource[]): readonly PlannedSource[] {
  const asked = planned.filter(({ totals }) => totals.pairs.ask > 0);
  return strategy === 'fastest'
    ? asked.toSorted((a, b) => (a.forecast.endsAt ?? Infinity) - (b.forecast.endsAt ?? Infinity))
    : mostToldFirst(asked);
}

/**
 * What each strategy takes, as an estimate from how often sources said malicious so far; never more than asking all. The
 * saving ones leave out what an earlier answer decided.
 */
export function estimates(planned: readonly PlannedSource[], at: Now): FlightPlan['strategies'] {
  return STRATEGIES.map((strategy) => {
    const inOrder = inOrderOf(strategy, planned);
    const left = strategy === 'certain' ? inOrder : afterEarlier(inOrder, at);
    const endsAt = strategy === 'cheapest' ? endInTurn(left, at) : lastEnd(left, at);
    return { strategy, requests: sum(left), endsAt };
  });
}

function lastEnd(planned: readonly PlannedSource[], { now }: Now): number | null {
  return planned.reduce<number | null>(
    (last, { forecast: { endsAt } }) => (last === null || endsAt === null ? null : Math.max(last, endsAt)),
    now,
  );
}

/** A later source hears of a hash when the earlier one has answered: it ends one request behind it at the earliest. */
function endInTurn(inOrder: readonly PlannedSource[], at: Now): number | null {
  let end: number | null = at.now;
  for (const { source, forecast: own } of inOrder) {
    end = end === null || own.endsAt === null ? null : Math.max(own.endsAt, end + source.latencyMs);
  }
  return end;
}

function sum(planned: readonly PlannedSource[]): number {
  return planned.reduce((total, { forecast: { requests } }) => total + requests, 0);
}
