import type { PanelData } from '#shared/contract/usage.ts';
import { BOARD_SECTIONS, panelOf } from '#shared/domain/usage/panels.ts';
import { totalBefore } from '#shared/domain/usage/compared.ts';
import { bareFigure, changeText, figure } from '#shared/domain/usage/figure-words.ts';
import { isoTime } from '../jsonl-rows.ts';
import { colourOf } from './colours.ts';
import { escaped } from './escape.ts';
import type { BoardFacts } from './json-board.ts';
import { svgChart } from './svg-chart.ts';

const STYLE = `
body { font: 14px/1.45 system-ui, sans-serif; color: #16191d; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 0 } h3 { font-size: 1rem; margin: 0 }
section { margin: 1rem 0; padding-top: 0.75rem; border-top: 1px solid #e2e5e9 } p { margin: 0.25rem 0 } svg { width: 100%; height: auto }
.mark { background: #fcf2df; color: #7d4b00; padding: 0.35rem 0.6rem } .small { color: #4a515c; font-size: 0.85rem }
.total { font-size: 1.15rem; font-variant-numeric: tabular-nums } .key { display: inline-block; width: 0.7em; height: 0.7em; margin-right: 0.3em }
.legend span.part { margin-right: 1rem; white-space: nowrap }
table { border-collapse: collapse; font-size: 0.8rem; font-variant-numeric: tabular-nums } caption { text-align: left; color: #4a515c }
th, td { padding: 0.1rem 0.6rem 0.1rem 0; text-align: right; border-bottom: 1px solid #eef0f2 } th:first-child, td:first-child { text-align: left }
@media print { body { max-width: none; margin: 0 } .chart { break-inside: avoid } thead { display: table-header-group } tr { break-inside: avoid } .key { print-color-adjust: exact } }
`;

/** The head of a board as one HTML file that prints and loads nothing: every style and chart is in it, no script at all. */
export function htmlHead({ from, to, madeAt, version, simulated }: BoardFacts): string {
  const mark = simulated
    ? '<p class="mark">Simulated: the sources of this data directory are made up, and so is what they answered.</p>'
    : '';
  const range = `${minuteOf(from)} to ${minuteOf(to)} UTC`;
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">' +
    '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">' +
    `<title>Reputation board, ${escaped(range)}</title><style>${STYLE}</style></head>\n<body>\n` +
    `<h1>Reputation board</h1><p>${escaped(range)}</p>` +
    `<p class="small">Made ${isoTime(madeAt)} by Assay ${escaped(version)} from what was recorded on one machine. Times are UTC.</p>${mark}\n`
  );
}

/** A panel: what it means, its figures in words, a chart and a table. `isFirst` of its section begins that. */
export function htmlPanel(data: PanelData, isFirst: boolean): string {
  const panel = panelOf(data.panel);
  const heading = isFirst ? `<h2>${escaped(panel.section)}</h2>\n` : '';
  const total = data.total === null ? 'not known' : figure(data.total, panel.unit);
  const change = changeText(data.total, totalBefore(data));
  const than = change === null ? '' : ` <span class="small">${escaped(change)} before</span>`;
  return (
    `${heading}<section><div class="chart"><h3>${escaped(panel.title)}</h3><p class="small">${escaped(panel.help)}</p>` +
    `<p class="total">${escaped(total)}${than}</p><p>${escaped(data.text)}</p>\n` +
    `${svgChart(data)}\n${legend(data)}</div>\n${table(data)}</section>\n`
  );
}

export function htmlEnd(): string {
  return '</body></html>\n';
}

/** Panels in the order of the sections, and which of them begins one. */
export function inSections<P extends { readonly panel: PanelData['panel'] }>(
  panels: readonly P[],
): { readonly item: P; readonly isFirst: boolean }[] {
  return BOARD_SECTIONS.flatMap((section) =>
    panels
      .filter(({ panel }) => panelOf(panel).section === section)
      .map((item, place) => ({ item, isFirst: place === 0 })),
  );
}

function legend({ series, split }: PanelData): string {
  if (split === 'none' || series.length === 0) {
    return '';
  }
  const parts = series.map(
    ({ key, label }, order) =>
      `<span class="part"><span class="key" style="background:${colourOf(key, order)}"></span>${escaped(label)}</span>`,
  );
  return `<p class="legend small">${parts.join('')}</p>`;
}

function table(data: PanelData): string {
  const { series, starts, totals } = data;
  if (series.length === 0) {
    return '';
  }
  const { unit, title } = panelOf(data.panel);
  const cell = (value: number | null): string => `<td>${value === null ? '' : escaped(bareFigure(value, unit))}</td>`;
  const columns = series.length > 1 ? [...series.map(({ label }) => label), 'All'] : series.map(({ label }) => label);
  const head = `<tr><th scope="col">From (UTC)</th>${columns.map((label) => `<th scope="col">${escaped(label)}</th>`).join('')}</tr>`;
  const rows = starts.map((start, place) => {
    const values = series.map(({ values: own }) => cell(own[place] ?? null)).join('');
    const all = series.length > 1 ? cell(totals[place] ?? null) : '';
    return `<tr><td>${minuteOf(start)}</td>${values}${all}</tr>`;
  });
  return `<table><caption>${escaped(title)}, ${escaped(unit)}</caption><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>\n`;
}

/** `2026-11-22 08:00`, UTC: a file is read in other years. */
function minuteOf(at: number): string {
  return isoTime(at).slice(0, 16).replace('T', ' ');
}
