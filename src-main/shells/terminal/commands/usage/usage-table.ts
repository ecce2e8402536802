import type { PanelData } from '#shared/contract/usage.ts';
import { totalBefore } from '#shared/domain/usage/compared.ts';
import { bareFigure, changeText, intervalText, momentText } from '#shared/domain/usage/figure-words.ts';
import { panelOf, type PanelUnit } from '#shared/domain/usage/panels.ts';
import { visible } from '../../output/plain-text.ts';
import { tableLines, type TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';

/** A panel of the table; with its parts below it where it was asked for by name. */
export interface ShownPanel {
  readonly data: PanelData;
  readonly withParts: boolean;
}

interface Line {
  readonly name: string;
  readonly total: string;
  readonly change: string;
  readonly most: string;
  readonly trend: string;
}

const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** Nothing happened; nothing is known. */
const NOTHING = '_';
const GAP = ' ';

/** Panels as lines of one table, with what its marks mean below. */
export function panelLines(session: Session, shown: readonly ShownPanel[]): string[] {
  const now = Math.floor(session.host.now() / 1000);
  const isCompared = shown.some(({ data }) => data.before !== null);
  const columns: TableColumn<Line>[] = [
    { header: 'panel', cell: ({ name }) => name, least: 16 },
    { header: 'total', align: 'right', cell: ({ total }) => total },
    ...(isCompared ? [{ header: 'change', align: 'right' as const, cell: ({ change }: Line) => change }] : []),
    { header: 'most', cell: ({ most }) => most, least: 12 },
    { header: 'over time', cell: ({ trend }) => trend, least: 8 },
  ];
  const rows = shown.flatMap(({ data, withParts }) => [
    wholeLine(data, now),
    ...(withParts && data.split !== 'none' ? partLines(data, now) : []),
  ]);
  const texts = shown.flatMap(({ data, withParts }) =>
    withParts ? [visible(`${panelOf(data.panel).title}: ${data.text}`)] : [],
  );
  return [...tableLines(columns, rows, session.out.width, session.style.faint), ...texts, legend(shown, now)];
}

/** Most blocks in a row. */
const MOST_BLOCKS = 32;

/**
 * Values as a row of blocks, the highest as high as `top`; a line for nothing, a gap for what is not known. Of more values
 * than a row has room for a block stands for the largest of several.
 */
export function sparkline(values: readonly (number | null)[], top: number): string {
  const each = Math.ceil(values.length / MOST_BLOCKS);
  return Array.from({ length: Math.ceil(values.length / Math.max(1, each)) }, (_, block) =>
    peakOf(values.slice(block * each, (block + 1) * each)),
  )
    .map((value) => {
      if (value === null) {
        return GAP;
      }
      const place = Math.ceil((HEIGHTS.length * value) / top) - 1;
      return value <= 0 || top <= 0 ? NOTHING : (HEIGHTS[Math.min(Math.max(place, 0), HEIGHTS.length - 1)] ?? GAP);
    })
    .join('');
}

function wholeLine(data: PanelData, now: number): Line {
  const { title, unit } = panelOf(data.panel);
  const { total, totals, peak } = data;
  return {
    name: title,
    total: valueText(total, unit),
    change: changeOf(total, totalBefore(data)),
    most: mostText(data, totals, peak, now),
    trend: sparkline(totals, peak ?? 0),
  };
}

function partLines(data: PanelData, now: number): Line[] {
  const { unit } = panelOf(data.panel);
  const top = data.series
    .flatMap(({ values }) => values)
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return data.series.map(({ label, values, total }) => ({
    name: `  ${label}`,
    total: valueText(total, unit),
    change: '',
    most: mostText(data, values, peakOf(values), now),
    trend: sparkline(values, top),
  }));
}

function mostText(data: PanelData, values: readonly (number | null)[], peak: number | null, now: number): string {
  const start = data.starts[values.indexOf(peak)];
  if (peak === null || peak === 0 || start === undefined) {
    return '';
  }
  const interval = intervalText(start, data.stepSeconds, now).replace(/ UTC$/, '');
  return `${bareFigure(peak, panelOf(data.panel).unit)}, ${interval}`;
}

function valueText(value: number | null, unit: PanelUnit): string {
  return value === null ? 'not known' : bareFigure(value, unit);
}

/** `+12 %`. */
function changeOf(total: number | null, before: number | null): string {
  const text = changeText(total, before);
  if (text === null) {
    return '';
  }
  const share = /^(.*) % (more|less)/.exec(text);
  return share === null
    ? 'as before'
    : `${share[2] === 'more' ? '+' : '-'}${(share[1] ?? '').replace('under ', '<')} %`;
}

function peakOf(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null);
}

function legend(shown: readonly ShownPanel[], now: number): string {
  const [first] = shown;
  if (first === undefined) {
    return '';
  }
  const { from, to } = first.data;
  return `${momentText(from, now)} to ${momentText(to, now)}; times in UTC. ${NOTHING} is none; a gap is not known.`;
}
