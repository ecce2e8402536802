import type { GaugeKind, MetricKind } from '../../db/change-kinds.ts';
import type { Filed } from './parts.ts';
import type { ReadParts } from './read-panel.ts';

const DAY = 86_400;
/** One interval that holds all days. */
const EVER = 1_000_000 * DAY;

/** One recorded kind, source and detail, over all days that are kept. */
export interface CountSoFar extends Filed {
  readonly kind: MetricKind;
  /** How many events, and their amounts added up. */
  readonly n: number;
  readonly sum: number;
}

/** The last value of a gauge. */
export interface GaugeSoFar extends Filed {
  readonly kind: GaugeKind;
  readonly value: number;
}

/** What was counted since recording began, and what gauges said last. */
export interface SoFar {
  readonly counts: readonly CountSoFar[];
  readonly gauges: readonly GaugeSoFar[];
  /** When somebody looked at the gauges last, seconds since the epoch; null when nobody ever did. */
  readonly lookedAt: number | null;
}

/** Everything of these kinds, up to now. Counts hold the days that were let go as well: they never fall for want of them. */
export async function readSoFar(
  { database, now }: ReadParts,
  kinds: { readonly counts: readonly MetricKind[]; readonly gauges: readonly GaugeKind[] },
): Promise<SoFar> {
  const [kept, gone, gauges, lookedAt] = await Promise.all([
    database.read('metricSums', { kinds: kinds.counts, from: 0, to: EVER, stepSeconds: EVER, level: 2 }),
    database.read('letGoSums', { kinds: kinds.counts }),
    database.read('metricBefore', { kinds: kinds.gauges, before: now + 1 }),
    lastLook(database, now),
  ]);
  return { counts: together(kept, gone), gauges: gauges as readonly GaugeSoFar[], lookedAt };
}

/** Days that are kept and days that were let go, by series. */
function together(
  kept: readonly (CountSoFar & { readonly series: number })[],
  gone: readonly (CountSoFar & { readonly series: number })[],
): CountSoFar[] {
  const bySeries = new Map<number, CountSoFar>(gone.map((row) => [row.series, row]));
  for (const { series, kind, source, detail, n, sum } of kept) {
    const before = bySeries.get(series);
    bySeries.set(series, { kind, source, detail, n: n + (before?.n ?? 0), sum: sum + (before?.sum ?? 0) });
  }
  return [...bySeries.values()];
}

/** The end of the last stretch in which somebody looked: looked for further and further back. */
async function lastLook(database: ReadParts['database'], now: number): Promise<number | null> {
  for (let days = 1; days <= 4096; days *= 8) {
    const stretches = await database.read('metricPresence', { from: Math.max(0, now - days * DAY), to: now + 1 });
    const last = stretches.at(-1);
    if (last !== undefined) {
      return last.until;
    }
  }
  return null;
}
