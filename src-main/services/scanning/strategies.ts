import type { FlightPlan } from '#shared/contract/scan.ts';
import { STRATEGIES, type Strategy } from '#shared/domain/outcome.ts';
import type { SourceTotals } from '../triage/plan/summary.ts';
import type { ScanSource } from './chosen-sources.ts';
import { forecast, type Forecast, type Now } from './forecast.ts';

/** A source with what it would be asked. */
export interface PlannedSource {
  readonly source: ScanSource;
  readonly totals: SourceTotals;
  readonly forecast: Forecast;
  /** 0 to 1: of its answers so far, those that say malicious. */
  readonly maliciousShare: number;
}

/** The sources in the order `cheapest` asks them: the one whose quota the scan takes the smallest share of first. */
export function leastScarceFirst(planned: readonly PlannedSource[]): readonly PlannedSource[] {
  return planned.toSorted((a, b) => scarcity(a) - scarcity(b));
}

/** When a scan ends under a strategy, at the latest: as if no source said malicious. Null when one source cannot tell. */
export function latestEnd(strategy: Strategy, planned: readonly PlannedSource[], at: Now): number | null {
  const asked = planned.filter(({ totals }) => totals.pairs.ask > 0);
  return strategy === 'cheapest' ? endInTurn(leastScarceFirst(asked), at) : lastEnd(asked, at);
}

/**
 * What each strategy takes, as an estimate from how often sources said malicious so far; never more than asking all. The
 * saving ones leave out what an earlier answer decided.
 */
export function estimates(planned: readonly PlannedSource[], at: Now): FlightPlan['strategies'] {
  const asked = planned.filter(({ totals }) => totals.pairs.ask > 0);
  return STRATEGIES.map((strategy) => {
    if (strategy === 'certain') {
      return { strategy, requests: sum(asked), endsAt: lastEnd(asked, at) };
    }
    const inOrder =
      strategy === 'cheapest'
        ? leastScarceFirst(asked)
        : asked.toSorted((a, b) => (a.forecast.endsAt ?? Infinity) - (b.forecast.endsAt ?? Infinity));
    const left = afterEarlier(inOrder, at);
    return {
      strategy,
      requests: sum(left),
      endsAt: strategy === 'cheapest' ? endInTurn(left, at) : lastEnd(left, at),
    };
  });
}

/** Each source with the hashes the ones before it leave. */
function afterEarlier(inOrder: readonly PlannedSource[], at: Now): readonly PlannedSource[] {
  let left = 1;
  return inOrder.map((one) => {
    const totals = scaled(one.totals, left);
    left *= 1 - one.maliciousShare;
    return { ...one, totals, forecast: forecast(one.source, totals, at) };
  });
}

function scaled(totals: SourceTotals, share: number): SourceTotals {
  const part = (hashes: number): number => Math.ceil(hashes * share);
  const { md5, sha1, sha256 } = totals.askByKind;
  const askByKind = { md5: part(md5), sha1: part(sha1), sha256: part(sha256) };
  const ask = askByKind.md5 + askByKind.sha1 + askByKind.sha256;
  return { askByKind, pairs: { ...totals.pairs, ask } };
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

/** The share of what is left of its scarcest long window that the scan takes; 0 without one. */
function scarcity({ source, forecast: { billed } }: PlannedSource): number {
  const shares = (['hour', 'day', 'month'] as const).flatMap((window) => {
    const limit = source.limits[window];
    const spent = source.spends.find((one) => one.window === window)?.spent ?? 0;
    return limit === null ? [] : [billed / Math.max(1, limit - spent)];
  });
  return Math.max(0, ...shares);
}
