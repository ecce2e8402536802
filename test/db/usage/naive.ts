import { isGauge, METRIC, type MetricKind } from '#main/db/change-kinds.ts';
import { startOfLevel, type MetricLevel } from '#main/db/repositories/metrics/levels.ts';

/** An event as it was recorded, in the order of recording. */
export interface Recorded {
  readonly at: number;
  readonly kind: MetricKind;
  readonly source: number;
  readonly detail: string | null;
  readonly amount: number;
}

/** A roll-up as a row of plain values: level, kind, source, detail, start, n, sum, least, most, last, last at. */
export type PlainRollup = readonly (number | string)[];

/** What roll-ups of one level of these events come to, worked out from the list of all of them. */
export function naiveRollups(level: MetricLevel, events: readonly Recorded[]): PlainRollup[] {
  const groups = new Map<string, Recorded[]>();
  for (const event of events) {
    const key = `${seriesOf(event)} ${startOfLevel(level, event.at)}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()].map((of) => {
    const amounts = of.map(({ amount }) => amount);
    const lastAt = Math.max(...of.map(({ at }) => at));
    const last = of.findLast(({ at }) => at === lastAt) as Recorded;
    const sum = amounts.reduce((all, amount) => all + amount, 0);
    const extremes = [Math.min(...amounts), Math.max(...amounts)];
    const name = [METRIC[last.kind], last.source, last.detail ?? ''];
    return [level, ...name, startOfLevel(level, lastAt), of.length, sum, ...extremes, last.amount, lastAt];
  });
}

/** The events of intervals that are left when those that began before a moment are dropped; the last one before of a gauge stays. */
export function naivelyPruned(level: MetricLevel, events: readonly Recorded[], before: number): Recorded[] {
  const newest = new Map<string, number>();
  for (const event of events) {
    const start = startOfLevel(level, event.at);
    if (isGauge(event.kind) && start < before) {
      newest.set(seriesOf(event), Math.max(start, newest.get(seriesOf(event)) ?? 0));
    }
  }
  return events.filter((event) => {
    const start = startOfLevel(level, event.at);
    return start >= before || start === newest.get(seriesOf(event));
  });
}

export function inOrder(rollups: readonly PlainRollup[]): PlainRollup[] {
  return rollups.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function seriesOf({ kind, source, detail }: Recorded): string {
  return `${kind} ${source} ${detail ?? ''}`;
}
