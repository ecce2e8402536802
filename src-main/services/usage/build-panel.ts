import type { PanelData, PanelSeries } from '#shared/contract/usage.ts';
import type { PanelId, Split } from '#shared/domain/usage/panels.ts';
import { FIGURES, OF_EVERY_LOOK, type Reading } from './figures.ts';
import { gaugesByPart, lastOf, seenWithin, sumsOf } from './gauges.ts';
import { labelOf, orderOf, partOf } from './parts.ts';
import type { CarriedFigure, FigureRow, Stretch } from './recorded.ts';
import type { Grid } from './steps.ts';

/** What is known of one panel over a grid. */
export interface PanelFacts {
  readonly panel: PanelId;
  readonly split: Split;
  readonly grid: Grid;
  /** Rows that count in the panel; for a share also those it is a share of. */
  readonly rows: readonly FigureRow[];
  readonly before: readonly CarriedFigure[];
  readonly presence: readonly Stretch[];
  /** Since when nothing recorded means that nothing happened, seconds since the epoch; null: nothing was ever recorded. */
  readonly began: number | null;
  /** Seconds since the epoch: what is to come is not known. */
  readonly now: number;
}

export type PanelValues = Pick<PanelData, 'series' | 'totals' | 'total' | 'peak'>;

/** Values of a panel by part and interval, largest part first or in the order the parts have. */
export function buildPanel(facts: PanelFacts): PanelValues {
  const { reading } = FIGURES[facts.panel];
  const values = reading.by === 'last' || reading.by === 'most' ? gauge(facts, reading.by) : counted(facts, reading);
  return { ...values, series: inOrder(values.series, facts.split), peak: mostOf(values.totals) };
}

type Unordered = Omit<PanelValues, 'peak'>;

/** Counts of one part by interval: how many events and their amounts, as far as a reading needs them. */
interface Counts {
  readonly n: Float64Array;
  readonly sum: Float64Array;
}

function counted(facts: PanelFacts, reading: Reading): Unordered {
  const { grid, rows, split, panel } = facts;
  const { length } = grid.starts;
  const kind = FIGURES[panel].kind(grid.level);
  const parts = new Map<string, Counts>();
  const whole = emptyCounts(length);
  const divisor = emptyCounts(length);
  for (const row of rows) {
    const place = (row.bucket - grid.from) / grid.stepSeconds;
    if (row.kind !== kind) {
      add(divisor, place, row);
      continue;
    }
    const key = partOf(split, row);
    const part = parts.get(key) ?? emptyCounts(length);
    parts.set(key, part);
    add(part, place, row);
    add(whole, place, row);
  }
  if (reading.by === 'share' && parts.size === 0 && totalOf(divisor.sum) > 0) {
    parts.set(partOf(split, { source: 0, detail: '' }), emptyCounts(length));
  }
  const known = knownIn(facts).map((isKnown, place) => isKnown || at(whole.n, place) + at(divisor.n, place) > 0);
  const valuesOf = (counts: Counts): (number | null)[] =>
    known.map((isKnown, place) =>
      isKnown ? valueOf(reading, at(counts.sum, place), at(counts.n, place), at(divisor.sum, place)) : null,
    );
  const ofAll = (counts: Counts): number | null =>
    known.includes(true) ? valueOf(reading, totalOf(counts.sum), totalOf(counts.n), totalOf(divisor.sum)) : null;
  const series = [...parts].map(([key, counts]) => ({
    key,
    label: labelOf(split, key),
    values: valuesOf(counts),
    total: ofAll(counts),
  }));
  return { series, totals: valuesOf(whole), total: ofAll(whole) };
}

function valueOf(reading: Reading, sum: number, n: number, divisor: number): number | null {
  switch (reading.by) {
    case 'mean':
      return n === 0 ? null : sum / n;
    case 'share':
      // Both are counted moments apart: at the edge of an interval more may have been answered than was received in it.
      return divisor === 0 ? null : Math.min(100, (100 * sum) / divisor);
    default:
      return sum;
  }
}

function gauge(facts: PanelFacts, by: 'last' | 'most'): Unordered {
  const { grid, split } = facts;
  const isOfEveryLook = OF_EVERY_LOOK.has(facts.panel);
  // What all sources hold together is a gauge of its own: their largest values need not fall into the same minute.
  const isWhole = (filed: { readonly source: number }): boolean => by === 'most' && filed.source === 0;
  const of = (wanted: boolean): Map<string, ReturnType<typeof sumGauge>> =>
    gaugesByPart(
      {
        grid,
        rows: facts.rows.filter((row) => isWhole(row) === wanted),
        before: facts.before.filter((row) => isWhole(row) === wanted),
        presence: facts.presence,
        reading: by,
        isOfEveryLook,
      },
      split,
    );
  const parts = of(false);
  const series = [...parts].flatMap(([key, { shown, atEnd }]) => {
    const total = lastOf(atEnd);
    return total === null ? [] : [{ key, label: labelOf(split, key), values: shown, total }];
  });
  const sums = parts.size === 0 && isOfEveryLook ? noneOf(facts) : sumGauge([...parts.values()], grid.starts.length);
  const [whole = sums] = of(true).values();
  const totals = whole.shown.map((value, place) => value ?? sums.shown[place] ?? null);
  return { series, totals, total: lastOf(whole.atEnd) ?? lastOf(sums.atEnd) };
}

/** There was nothing, wherever somebody looked. */
function noneOf(facts: PanelFacts): ReturnType<typeof sumGauge> {
  const values = seenWithin(facts).map((isSeen) => (isSeen ? 0 : null));
  return { shown: values, atEnd: values };
}

function sumGauge(
  parts: readonly { readonly shown: (number | null)[]; readonly atEnd: (number | null)[] }[],
  length: number,
): { shown: (number | null)[]; atEnd: (number | null)[] } {
  return {
    shown: sumsOf(
      parts.map(({ shown }) => shown),
      length,
    ),
    atEnd: sumsOf(
      parts.map(({ atEnd }) => atEnd),
      length,
    ),
  };
}

/**
 * Intervals of which it is known what happened: begun, and not over before the first thing was recorded. What has a record
 * is known too, though a clock that was set back says that it is still to come.
 */
function knownIn({ grid, began, now }: PanelFacts): boolean[] {
  return grid.starts.map((start) => began !== null && start <= now && start + grid.stepSeconds > began);
}

function inOrder(series: readonly PanelSeries[], split: Split): PanelSeries[] {
  const order = orderOf(split);
  const placeOf = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return series.toSorted(
    (a, b) => placeOf(a.key) - placeOf(b.key) || (b.total ?? 0) - (a.total ?? 0) || (a.label < b.label ? -1 : 1),
  );
}

function mostOf(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null);
}

function emptyCounts(length: number): Counts {
  return { n: new Float64Array(length), sum: new Float64Array(length) };
}

function add({ n, sum }: Counts, place: number, row: FigureRow): void {
  n[place] = at(n, place) + row.n;
  sum[place] = at(sum, place) + row.sum;
}

function at(values: Float64Array, place: number): number {
  return values[place] ?? 0;
}

function totalOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
