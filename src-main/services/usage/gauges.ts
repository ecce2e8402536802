import { partOf, type Filed } from './parts.ts';
import type { Grid } from './steps.ts';
import type { CarriedFigure, FigureRow, Stretch } from './recorded.ts';
import type { Split } from '#shared/domain/usage/panels.ts';

/** Values of one part by interval: what is shown, and what was so at the end of each; null where it is not known. */
export interface GaugeValues {
  readonly shown: (number | null)[];
  readonly atEnd: (number | null)[];
}

export interface GaugeFacts {
  readonly grid: Grid;
  /** Of one kind, in any order. */
  readonly rows: readonly FigureRow[];
  /** The last values before the range. */
  readonly before: readonly CarriedFigure[];
  /** When gauges were looked at. */
  readonly presence: readonly Stretch[];
  readonly reading: 'last' | 'most';
  /** Every look tells all of its values that are not 0: where somebody looked and none was written, it was 0. */
  readonly isOfEveryLook: boolean;
}

/**
 * Gauges over a grid, by part. A gauge is written when it changes: its last value holds as long as somebody looked, and is
 * not known where nobody did. Several gauges of a part are added up.
 */
export function gaugesByPart(facts: GaugeFacts, split: Split): Map<string, GaugeValues> {
  const seen = presenceOf(facts.grid, facts.presence);
  const parts = new Map<string, GaugeValues>();
  for (const [key, recorded] of recordedGauges(facts)) {
    const values = valuesOf(facts, recorded, seen);
    const part = partOf(split, fromKey(key));
    const before = parts.get(part);
    parts.set(part, before === undefined ? values : added(before, values));
  }
  return parts;
}

/** Sums of several rows of values, place by place; null where none is known. */
export function sumsOf(rows: readonly (readonly (number | null)[])[], length: number): (number | null)[] {
  return Array.from({ length }, (_, place) => {
    let sum: number | null = null;
    for (const row of rows) {
      const value = row[place] ?? null;
      sum = value === null ? sum : (sum ?? 0) + value;
    }
    return sum;
  });
}

/** Whether somebody looked, by interval. */
export function seenWithin({ grid, presence }: Pick<GaugeFacts, 'grid' | 'presence'>): readonly boolean[] {
  return presenceOf(grid, presence).within;
}

/** The last value that is known; null when none is. */
export function lastOf(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}

interface Recorded {
  readonly byBucket: Map<number, FigureRow>;
  carried: number | null;
}

interface Presence {
  /** Somebody looked in the interval. */
  readonly within: readonly boolean[];
  /** Somebody looked before it and into it. */
  readonly atStart: readonly boolean[];
}

function recordedGauges({ rows, before, isOfEveryLook }: GaugeFacts): Map<string, Recorded> {
  const gauges = new Map<string, Recorded>();
  const gaugeOf = (filed: Filed): Recorded => {
    const key = toKey(filed);
    const gauge = gauges.get(key) ?? { byBucket: new Map<number, FigureRow>(), carried: isOfEveryLook ? 0 : null };
    gauges.set(key, gauge);
    return gauge;
  };
  for (const row of rows) {
    gaugeOf(row).byBucket.set(row.bucket, row);
  }
  for (const carried of before) {
    gaugeOf(carried).carried = carried.value;
  }
  return gauges;
}

function valuesOf({ grid, reading }: GaugeFacts, recorded: Recorded, seen: Presence): GaugeValues {
  const shown: (number | null)[] = [];
  const atEnd: (number | null)[] = [];
  let { carried } = recorded;
  for (const [place, start] of grid.starts.entries()) {
    const row = recorded.byBucket.get(start);
    if (row === undefined) {
      const value = seen.within[place] === true ? carried : null;
      shown.push(value);
      atEnd.push(value);
      continue;
    }
    const held = carried !== null && seen.atStart[place] === true ? carried : row.most;
    shown.push(reading === 'most' ? Math.max(row.most, held) : row.last);
    atEnd.push(row.last);
    carried = row.last;
  }
  return { shown, atEnd };
}

function presenceOf({ starts, stepSeconds }: Grid, stretches: readonly Stretch[]): Presence {
  const within = starts.map(() => false);
  const atStart = starts.map(() => false);
  const [first = 0] = starts;
  for (const { start, until } of stretches) {
    const from = Math.max(0, Math.floor((start - first) / stepSeconds));
    const to = Math.min(starts.length - 1, Math.floor((until - first) / stepSeconds));
    for (let place = from; place <= to; place += 1) {
      within[place] = true;
      atStart[place] ||= start < first + place * stepSeconds;
    }
  }
  return { within, atStart };
}

function added(one: GaugeValues, other: GaugeValues): GaugeValues {
  const { length } = one.shown;
  return { shown: sumsOf([one.shown, other.shown], length), atEnd: sumsOf([one.atEnd, other.atEnd], length) };
}

function toKey({ source, detail }: Filed): string {
  return `${source} ${detail}`;
}

function fromKey(key: string): Filed {
  const space = key.indexOf(' ');
  return { source: Number(key.slice(0, space)), detail: key.slice(space + 1) };
}
