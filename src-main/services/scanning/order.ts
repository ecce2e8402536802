import type { FlightPlan } from '#shared/contract/scan.ts';
import type { SourceTotals } from '../triage/plan/summary.ts';
import type { AnswerShares } from './answer-shares.ts';
import { batchOf, type ScanSource } from './chosen-sources.ts';
import { forecast, type Forecast, type Now } from './forecast.ts';

/** A source with what it would be asked. */
export interface PlannedSource {
  readonly source: ScanSource;
  readonly totals: SourceTotals;
  readonly forecast: Forecast;
  readonly shares: AnswerShares;
}

/**
 * Sources in the order `cheapest` asks them: the one whose calls tell most first.
 *
 * What a call tells is `hashes x hit / (1 + scarcity)`. `hashes` is what a request of this very scan holds on average, the
 * expected single calls counted as requests: three hashes fill no batch of 500, and a list of thousands puts 500 before
 * 100 before 1. `hit` is the share of the source's answers that say malicious by the thresholds in force: that alone
 * settles a hash. `scarcity` is the share of what is left of its scarcest long quota that the scan would take: a scan
 * that uses it up halves the worth of its calls, one that needs ten times as much leaves an eleventh. Where two tell the
 * same, the less scarce goes first, then the one with the larger batches, then the quicker one.
 */
export function mostToldFirst(planned: readonly PlannedSource[]): readonly PlannedSource[] {
  return planned.toSorted(
    (a, b) =>
      toldByCall(b) - toldByCall(a) ||
      scarcity(a) - scarcity(b) ||
      batchOf(b.source) - batchOf(a.source) ||
      a.source.latencyMs - b.source.latencyMs,
  );
}

/** Each source, in this order, with the hashes that are expected to be left by those before it. */
export function afterEarlier(inOrder: readonly PlannedSource[], at: Now): readonly PlannedSource[] {
  let left = 1;
  return inOrder.map((one) => {
    const totals = scaled(one.totals, left);
    left *= 1 - one.shares.malicious;
    return { ...one, totals, forecast: forecast(one.source, totals, one.shares, at) };
  });
}

/**
 * What each source is expected to settle: to say malicious about, while none before it did. `isInTurn` when a hash that
 * is settled is not asked further.
 */
export function stepsOf(
  inOrder: readonly PlannedSource[],
  hashes: number,
  isInTurn: boolean,
  at: Now,
): FlightPlan['steps'] {
  const reached = afterEarlier(inOrder, at);
  let left = hashes;
  return inOrder.map((all, place) => {
    const some = reached[place] ?? all;
    const asked = isInTurn ? some : all;
    const settles = Math.min(left, some.totals.pairs.ask * all.shares.malicious);
    left -= settles;
    const { requests, singles } = asked.forecast;
    return {
      source: all.source.source,
      hashes: asked.totals.pairs.ask,
      requests,
      singles,
      settles: Math.round(settles),
      left: Math.round(left),
    };
  });
}

function toldByCall(one: PlannedSource): number {
  const { totals, forecast: planned, shares } = one;
  return ((totals.pairs.ask / Math.max(1, planned.requests)) * shares.malicious) / (1 + scarcity(one));
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

function scaled(totals: SourceTotals, share: number): SourceTotals {
  const part = (hashes: number): number => Math.round(hashes * share);
  const { md5, sha1, sha256 } = totals.askByKind;
  const askByKind = { md5: part(md5), sha1: part(sha1), sha256: part(sha256) };
  const ask = askByKind.md5 + askByKind.sha1 + askByKind.sha256;
  return { askByKind, pairs: { ...totals.pairs, ask } };
}
