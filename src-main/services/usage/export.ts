import type { PanelData } from '#shared/contract/usage.ts';
import type { BoardTableId, PanelId, Split } from '#shared/domain/usage/panels.ts';
import { htmlTable } from '../../destinations/usage/board-tables.ts';
import { csvPanel, csvPanelHeader, rowsOf } from '../../destinations/usage/csv-panel.ts';
import { htmlEnd, htmlHead, htmlPanel, inSections } from '../../destinations/usage/html-board.ts';
import { jsonEnd, jsonHead, jsonlPanel, jsonPanel, type BoardFacts } from '../../destinations/usage/json-board.ts';
import type { UsageService } from './port.ts';
import { readTable } from './tables.ts';

export const BOARD_FORMATS = ['csv', 'json', 'jsonl', 'html'] as const;
export type BoardFormat = (typeof BOARD_FORMATS)[number];

/** Panels over one time, as a file. Seconds since the epoch. */
export interface BoardRequest {
  readonly format: BoardFormat;
  readonly from: number;
  readonly to: number;
  readonly points: number;
  readonly stepSeconds?: number | undefined;
  readonly compare: boolean;
  readonly panels: readonly PanelId[];
  /** The first way of each panel that is left out. */
  readonly splits: { readonly [Panel in PanelId]?: Split | undefined };
  /** Tables that stand after the panels, in HTML only. */
  readonly tables?: readonly BoardTableId[];
}

export interface BoardTold {
  readonly version: string;
  readonly simulated: boolean;
  /** Seconds since the epoch. */
  readonly madeAt: number;
  /** Told after each panel: panels done, and rows of all of them so far (one for each interval and part). */
  readonly onPanel?: (done: number, rows: number) => void;
}

/** Panels as text, one read and held at a time. Between two of them `signal` ends it. */
export async function* boardText(
  usage: Pick<UsageService, 'panel' | 'forecast' | 'saved' | 'failures'>,
  request: BoardRequest,
  told: BoardTold,
  signal: AbortSignal,
): AsyncIterable<string> {
  const { format, from, to, points, stepSeconds, compare } = request;
  const facts: BoardFacts = { ...told, from, to };
  const panels = [...new Set(request.panels)].map((panel) => ({ panel }));
  const ordered = format === 'html' ? inSections(panels) : panels.map((item) => ({ item, isFirst: false }));
  let rows = 0;
  yield headOf(format, facts);
  for (const [place, { item, isFirst }] of ordered.entries()) {
    signal.throwIfAborted();
    const split = request.splits[item.panel];
    const data = await usage.panel({ panel: item.panel, from, to, points, stepSeconds, compare, split });
    rows += rowsOf(data);
    yield written(format, facts, data, format === 'html' ? isFirst : place === 0);
    told.onPanel?.(place + 1, rows);
  }
  if (format === 'html') {
    for (const [place, table] of (request.tables ?? []).entries()) {
      signal.throwIfAborted();
      yield htmlTable(await readTable(usage, table, { from, to }), place === 0);
    }
  }
  yield endOf(format);
}

/** `isFirst`: of the document, or of its section in HTML. */
function written(format: BoardFormat, facts: BoardFacts, data: PanelData, isFirst: boolean): string {
  switch (format) {
    case 'csv':
      return csvPanel(data, facts.simulated);
    case 'json':
      return jsonPanel(data, isFirst);
    case 'jsonl':
      return jsonlPanel(facts, data);
    default:
      return htmlPanel(data, isFirst);
  }
}

function headOf(format: BoardFormat, facts: BoardFacts): string {
  switch (format) {
    case 'csv':
      return csvPanelHeader(facts.simulated);
    case 'json':
      return jsonHead(facts);
    case 'jsonl':
      return '';
    default:
      return htmlHead(facts);
  }
}

function endOf(format: BoardFormat): string {
  if (format === 'html') {
    return htmlEnd();
  }
  return format === 'json' ? jsonEnd() : '';
}
