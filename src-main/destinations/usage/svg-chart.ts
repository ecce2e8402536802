import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf, type Panel } from '#shared/domain/usage/panels.ts';
import { bareFigure } from '#shared/domain/usage/figure-words.ts';
import { colourOf } from './colours.ts';
import { escaped } from './escape.ts';

const WIDTH = 720;
const HEIGHT = 190;
const LEFT = 62;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 24;
const Y_TICKS = 4;
const X_TICKS = 6;
const DAY = 86_400;

type Values = readonly (number | null)[];

/**
 * A chart of a panel as SVG in itself: no script, no style sheet, no reference. Bars and areas are stacked, lines are not;
 * what is not known is a gap.
 */
export function svgChart(data: PanelData): string {
  const panel = panelOf(data.panel);
  const isStacked = panel.chart !== 'lines';
  const top = topOf(data, isStacked);
  const shapes =
    panel.chart === 'bars' ? bars(data, top) : panel.chart === 'area' ? areas(data, top) : lines(data, top);
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(data.text)}">` +
    `${axes(data, panel, top)}${shapes}${emptyNote(data)}</svg>`
  );
}

/** The smallest round number that holds everything drawn. */
export function roundUp(value: number): number {
  if (value <= 0) {
    return 1;
  }
  const unit = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * unit >= value) ?? 10;
  return factor * unit;
}

function topOf({ series, totals }: PanelData, isStacked: boolean): number {
  const drawn = isStacked
    ? [totals, stackTops(series.map(({ values }) => values))]
    : series.map(({ values }) => values);
  return roundUp(drawn.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0));
}

function stackTops(rows: readonly Values[]): number[] {
  return (rows[0] ?? []).map((_, place) => rows.reduce((sum, row) => sum + (row[place] ?? 0), 0));
}

function axes(data: PanelData, panel: Panel, top: number): string {
  const steps = panel.unit !== 'bytes' && top < Y_TICKS ? Math.max(1, Math.ceil(top)) : Y_TICKS;
  const ticks = Array.from({ length: steps + 1 }, (_, place) => (top * place) / steps);
  const horizontal = ticks.map((value) => {
    const y = text(yOf(value, top));
    return (
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" stroke="#e2e5e9"/>` +
      `<text x="${LEFT - 6}" y="${y}" dy="3" text-anchor="end">${escaped(tickText(value, panel))}</text>`
    );
  });
  const count = data.starts.length;
  const every = Math.max(1, Math.ceil(count / X_TICKS));
  const vertical = data.starts.flatMap((start, place) =>
    place % every === 0
      ? [`<text x="${text(xOf(place, count))}" y="${HEIGHT - 8}">${escaped(timeText(start, data.stepSeconds))}</text>`]
      : [],
  );
  return `<g font-size="10" fill="#636a76">${horizontal.join('')}${vertical.join('')}</g>`;
}

function bars({ series, starts }: PanelData, top: number): string {
  const width = (WIDTH - LEFT - RIGHT) / starts.length;
  const inner = text(Math.max(0.5, width > 4 ? width - 1 : width * 0.9));
  const floor = starts.map(() => 0);
  return series
    .map(({ key, values }, order) => {
      const rects = values.map((value, place) => {
        if (value === null || value <= 0) {
          return '';
        }
        const base = floor[place] ?? 0;
        floor[place] = base + value;
        const y = yOf(base + value, top);
        return `<rect x="${text(xOf(place, starts.length))}" y="${text(y)}" width="${inner}" height="${text(yOf(base, top) - y)}"/>`;
      });
      return `<g fill="${colourOf(key, order)}">${rects.join('')}</g>`;
    })
    .join('');
}

function areas({ series, starts }: PanelData, top: number): string {
  let floor: number[] = starts.map(() => 0);
  const drawn: string[] = [];
  for (const [order, { key, values }] of series.entries()) {
    const base = floor;
    floor = base.map((value, place) => value + (values[place] ?? 0));
    const upper = floor;
    const paths = stretchesOf(values).map((places) => {
      const there = places.map((place) => point(middleOf(place, starts.length), yOf(upper[place] ?? 0, top)));
      const back = places
        .toReversed()
        .map((place) => point(middleOf(place, starts.length), yOf(base[place] ?? 0, top)));
      return `M${[...there, ...back].join('L')}Z`;
    });
    const colour = colourOf(key, order);
    drawn.push(
      `<path d="${paths.join('')}" fill="${colour}" fill-opacity="0.75" stroke="${colour}" stroke-width="1"/>`,
    );
  }
  return drawn.join('');
}

function lines({ series, starts }: PanelData, top: number): string {
  return series
    .map(({ key, values }, order) => {
      const paths = stretchesOf(values).map(
        (places) =>
          `M${places.map((place) => point(middleOf(place, starts.length), yOf(values[place] ?? 0, top))).join('L')}`,
      );
      return `<path d="${paths.join('')}" fill="none" stroke="${colourOf(key, order)}" stroke-width="1.5" stroke-linecap="round"/>`;
    })
    .join('');
}

function emptyNote({ series, total }: PanelData): string {
  if (series.length > 0) {
    return '';
  }
  const words = total === null ? 'Nothing is known of this range' : 'Nothing in this range';
  return `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT / 2}" text-anchor="middle" font-size="12" fill="#636a76">${words}</text>`;
}

/** Places of values that are known, in unbroken stretches; a single one is drawn to itself, as a dot. */
function stretchesOf(values: Values): number[][] {
  const stretches: number[][] = [];
  let open: number[] = [];
  for (const [place, value] of values.entries()) {
    if (value !== null) {
      open.push(place);
    } else if (open.length > 0) {
      stretches.push(open);
      open = [];
    }
  }
  const all = open.length > 0 ? [...stretches, open] : stretches;
  return all.map((places) => (places.length === 1 ? [...places, ...places] : places));
}

function tickText(value: number, { unit }: Panel): string {
  if (unit === 'bytes' || unit === 'milliseconds' || unit === 'per cent') {
    return bareFigure(value, unit);
  }
  const [size, word] = value >= 1e6 ? [1e6, 'M'] : value >= 10_000 ? [1000, 'k'] : [1, ''];
  return `${Number((value / size).toFixed(2))}${word}`;
}

/** Days where intervals are half days and longer, else the time as well; UTC. */
function timeText(start: number, stepSeconds: number): string {
  const iso = new Date(start * 1000).toISOString();
  const day = `${Number(iso.slice(8, 10))} ${new Date(start * 1000).toUTCString().slice(8, 11)}`;
  return stepSeconds >= DAY / 2 ? day : `${day} ${iso.slice(11, 16)}`;
}

function xOf(place: number, count: number): number {
  return LEFT + ((WIDTH - LEFT - RIGHT) * place) / count;
}

function middleOf(place: number, count: number): number {
  return xOf(place + 0.5, count);
}

function yOf(value: number, top: number): number {
  return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
}

function point(x: number, y: number): string {
  return `${text(x)} ${text(y)}`;
}

function text(value: number): string {
  return String(Math.round(value * 100) / 100);
}
