import { boardTableOf, type BoardTableId } from '#shared/domain/usage/panels.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import type { FailureRow, ForecastRow, SavedRow } from '#shared/contract/usage.ts';
import { csvCell, unrunnable } from '../csv-rows.ts';
import { isoTime } from '../jsonl-rows.ts';
import { escaped } from './escape.ts';

/** What the board tells as a table, with its rows. */
export type BoardTable =
  | { readonly table: 'quota-saved'; readonly currency: string; readonly rows: readonly SavedRow[] }
  | { readonly table: 'quota-forecast'; readonly rows: readonly ForecastRow[] }
  | { readonly table: 'failure-reasons'; readonly rows: readonly FailureRow[] };

type Cell = string | number | null;

const LEFT = ' style="text-align:left"';

/** Columns by table: their name in CSV, which does not change between versions, and for people. */
const COLUMNS: Readonly<Record<BoardTableId, readonly (readonly [name: string, label: string])[]>> = {
  'quota-saved': [
    ['source', 'Source'],
    ['pairs', 'Pairs'],
    ['calls', 'Calls'],
    ['quotaDays', 'Quota days'],
    ['price', 'Price'],
    ['currency', 'Currency'],
  ],
  'quota-forecast': [
    ['source', 'Source'],
    ['window', 'Window'],
    ['spent', 'Spent'],
    ['limit', 'Limit'],
    ['expected', 'Expected'],
    ['windowEnds', 'Window ends (UTC)'],
    ['usedUpAt', 'Used up (UTC)'],
    ['sentence', 'At this pace'],
  ],
  'failure-reasons': [
    ['source', 'Source'],
    ['reason', 'Reason'],
    ['requests', 'Requests'],
  ],
};

/**
 * A table of the board as CSV (RFC 4180, line feeds): a header, then a row for each; times in UTC, empty where nothing is
 * known. Sources and reasons are named by their keys. With `simulated` every row says so in a last column.
 */
export function csvTable(table: BoardTable, simulated: boolean): string {
  const names = COLUMNS[table.table].map(([name]) => name);
  const rows = cellsOf(table, 'keys').map((cells) => cells.map((cell) => csvCell(textOf(cell))));
  const mark = simulated ? ['simulated'] : [];
  return [[...names, ...mark], ...rows.map((cells) => [...cells, ...mark.map(() => 'true')])]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

/** The same as a part of the board in HTML: what it means, and the rows. `isFirst` of the tables begins their part. */
export function htmlTable(table: BoardTable, isFirst: boolean): string {
  const { title, help } = boardTableOf(table.table);
  const cells = cellsOf(table, 'words');
  const isText = (place: number): boolean => typeof cells[0]?.[place] === 'string';
  const head = COLUMNS[table.table]
    .map(([, label], place) => `<th scope="col"${isText(place) ? LEFT : ''}>${escaped(label)}</th>`)
    .join('');
  const rows = cells.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`);
  const body =
    rows.length === 0
      ? '<p>None.</p>'
      : `<table><caption>${escaped(title)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  const heading = isFirst ? '<h2>Quotas and failures</h2>\n' : '';
  return `${heading}<section><h3>${escaped(title)}</h3><p class="small">${escaped(help)}</p>${body}</section>\n`;
}

/** Words begin where their column does; the style of the board is made for numbers. */
function htmlCell(cell: Cell): string {
  return `<td${typeof cell === 'string' ? LEFT : ''}>${escaped(shownOf(cell))}</td>`;
}

function cellsOf(table: BoardTable, naming: 'keys' | 'words'): readonly (readonly Cell[])[] {
  const nameOf = (source: SourceId): string => (naming === 'keys' ? source : sourceLabel(source));
  switch (table.table) {
    case 'quota-saved':
      return table.rows.map(({ source, pairs, calls, days, price }) => [
        nameOf(source),
        pairs,
        calls,
        days === null ? null : rounded(days),
        price === null ? null : rounded(price),
        price === null ? null : table.currency,
      ]);
    case 'quota-forecast':
      return table.rows.map((row) => [
        nameOf(row.source),
        row.window,
        row.spent,
        row.limit,
        row.basis === 'none' ? null : Math.round(row.expected),
        timeOf(row.endsAt, naming),
        row.usedUpAt === null ? null : timeOf(row.usedUpAt, naming),
        row.sentence,
      ]);
    default:
      return table.rows.map(({ source, reason, label, requests }) => [
        nameOf(source),
        naming === 'keys' ? reason : label,
        requests,
      ]);
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function timeOf(at: number, naming: 'keys' | 'words'): string {
  return naming === 'keys' ? isoTime(at) : isoTime(at).slice(0, 16).replace('T', ' ');
}

function textOf(cell: Cell): string {
  return cell === null ? '' : typeof cell === 'number' ? String(cell) : unrunnable(cell);
}

function shownOf(cell: Cell): string {
  return cell === null ? '' : typeof cell === 'number' ? (Number.isInteger(cell) ? grouped(cell) : String(cell)) : cell;
}
