import type { PanelData, PanelSeries } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import type { Status } from '#shared/domain/status.ts';
import { coloursOf, placeOfKey, statusOfKey, type ColourName } from './colour-names.ts';

type Values = readonly (number | null)[];

/** One part as it is drawn. */
export interface ChartPart {
  readonly key: string;
  readonly label: string;
  readonly colour: ColourName;
  /** The status it stands for, which decides its shape beside the colour. */
  readonly status: Status | null;
  readonly values: Values;
  readonly total: number | null;
  /** Edges of what is drawn: for a stack the sum below and the sum with it, else 0 and the value. */
  readonly lows: Values;
  readonly highs: Values;
}

/** What a chart draws, told from a panel's data: nothing in it depends on size or theme. */
export interface ChartModel {
  readonly kind: Panel['chart'];
  readonly isStacked: boolean;
  readonly parts: readonly ChartPart[];
  /** Null, too, where it would be compared with lines that are parts of it. */
  readonly before: Values | null;
  /** The middle of each interval, seconds. */
  readonly middles: readonly number[];
  /** Least and most of all that is drawn; null when there is nothing. */
  readonly least: number | null;
  readonly most: number | null;
  /** Why there is nothing to draw; null when there is something. */
  readonly empty: string | null;
}

/** More parts than colours are not told apart: the smaller ones are drawn, and named, together. */
const MOST_PARTS = 6;

/** What is drawn of a panel, and why nothing is. Parts are in the order of their kind, at most as many as colours. */
export function chartModel(panel: Panel, data: PanelData): ChartModel {
  const isStacked = panel.chart === 'bars' || (panel.chart === 'area' && data.series.length > 1);
  const series = inOrder(isStacked ? folded(data.series) : data.series);
  const colours = coloursOf(series.map(({ key }) => key));
  const parts = edges(series, colours, isStacked);
  const before = beforeOf(panel, data);
  const drawn = [...parts.map(({ highs }) => highs), ...(before === null ? [] : [before])];
  return {
    kind: panel.chart,
    isStacked,
    parts,
    before,
    middles: data.starts.map((start) => start + data.stepSeconds / 2),
    least: extreme(drawn, Math.min),
    most: extreme(drawn, Math.max),
    empty: emptySentence(panel, data),
  };
}

/** Whether lines carry their names at their ends, so that a legend would say the same again. */
export function hasDirectLabels(panel: Panel, data: PanelData): boolean {
  return (
    panel.chart === 'lines' &&
    data.series.length > 0 &&
    data.series.length <= 3 &&
    data.series.every(({ key }) => statusOfKey(key) !== null)
  );
}

/** The same from panel to panel and from one minute to the next, whatever is most just now. */
function inOrder(series: readonly PanelSeries[]): readonly PanelSeries[] {
  return [...series].sort((left, right) => placeOfKey(left.key) - placeOfKey(right.key));
}

function beforeOf({ chart, measure }: Panel, data: PanelData): Values | null {
  const isSumOfLines = chart === 'lines' && measure === 'gauge' && data.series.length > 1;
  return data.before === null || isSumOfLines ? null : data.before.values;
}

function folded(series: readonly PanelSeries[]): readonly PanelSeries[] {
  if (series.length <= MOST_PARTS) {
    return series;
  }
  const bySize = [...series].sort((left, right) => (right.total ?? 0) - (left.total ?? 0));
  const kept = new Set(bySize.slice(0, MOST_PARTS - 1));
  const rest = series.filter((one) => !kept.has(one));
  const values = rest[0]?.values.map((_, index) => sumOf(rest.map((one) => one.values[index] ?? null))) ?? [];
  const others = {
    key: 'others',
    label: `${rest.length} others`,
    values,
    total: sumOf(rest.map(({ total }) => total)),
  };
  return [...series.filter((one) => kept.has(one)), others];
}

function edges(
  series: readonly PanelSeries[],
  colours: readonly ColourName[],
  isStacked: boolean,
): readonly ChartPart[] {
  const sums: number[] = [];
  // A part that says nothing in an interval is nothing of its stack; only where all say nothing there is a gap.
  const isGap = (index: number): boolean => series.every(({ values }) => (values[index] ?? null) === null);
  return series.map(({ key, label, values, total }, place) => {
    const lows = values.map((value, index) => (isStacked ? (isGap(index) ? null : (sums[index] ?? 0)) : zeroOf(value)));
    const highs = isStacked ? values.map((value, index) => stackedOn(lows[index] ?? null, value)) : values;
    highs.forEach((high, index) => {
      sums[index] = high ?? 0;
    });
    return { key, label, values, total, lows, highs, colour: colours[place] ?? 'series-1', status: statusOfKey(key) };
  });
}

function zeroOf(value: number | null): number | null {
  return value === null ? null : 0;
}

function stackedOn(low: number | null, value: number | null): number | null {
  return low === null ? null : low + (value ?? 0);
}

function sumOf(values: Values): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function extreme(all: readonly Values[], pick: (left: number, right: number) => number): number | null {
  let found: number | null = null;
  for (const values of all) {
    for (const value of values) {
      if (value !== null) {
        found = found === null ? value : pick(found, value);
      }
    }
  }
  return found;
}

function emptySentence({ measure }: Panel, data: PanelData): string | null {
  const isKnown = data.totals.some((value) => value !== null);
  if (data.series.some(({ values }) => values.some((value) => value !== null && value !== 0))) {
    return null;
  }
  if (!isKnown) {
    return data.recordedSince === null ? 'Nothing has been recorded yet.' : 'Nothing was recorded in this time.';
  }
  // Nothing of it, and that is known. No per cent of something is a finding, as is no time at all.
  return measure === 'sum' || measure === 'gauge' ? 'None in this time.' : null;
}
