import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf } from '#shared/domain/usage/panels.ts';
import { isoTime } from '../jsonl-rows.ts';

/** What every export of panels says of itself. */
export interface BoardFacts {
  /** The range as it was asked for, seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Seconds since the epoch. */
  readonly madeAt: number;
  readonly version: string;
  /** The answers of the sources are made up. */
  readonly simulated: boolean;
}

/** The head of the document, up to its panels. The shape is described in README.md; it changes with its version alone. */
export function jsonHead(facts: BoardFacts): string {
  const text = JSON.stringify(headOf(facts), null, 2);
  return `${text.slice(0, -2)},\n  "panels": [`;
}

/** A panel in the list. */
export function jsonPanel(data: PanelData, isFirst: boolean): string {
  const text = JSON.stringify(panelDocument(data), null, 2).replaceAll(/\[\n\s*([^[\]{}]*?)\n\s*\]/g, onOneLine);
  return `${isFirst ? '' : ','}\n    ${text.replaceAll('\n', '\n    ')}`;
}

export function jsonEnd(): string {
  return '\n  ]\n}\n';
}

/** One panel as a document of its own, on one line. */
export function jsonlPanel(facts: BoardFacts, data: PanelData): string {
  return `${JSON.stringify({ ...headOf(facts), ...panelDocument(data) })}\n`;
}

function headOf({ from, to, madeAt, version, simulated }: BoardFacts): Readonly<Record<string, unknown>> {
  return {
    format: 'assay-usage',
    version: 1,
    program: version,
    simulated,
    madeAt: isoTime(madeAt),
    askedFrom: isoTime(from),
    askedTo: isoTime(to),
  };
}

function panelDocument(data: PanelData): Readonly<Record<string, unknown>> {
  const { title, unit, measure } = panelOf(data.panel);
  return {
    panel: data.panel,
    title,
    unit,
    measure,
    split: data.split,
    from: isoTime(data.from),
    to: isoTime(data.to),
    stepSeconds: data.stepSeconds,
    recordedSince: data.recordedSince === null ? null : isoTime(data.recordedSince),
    total: data.total,
    peak: data.peak,
    starts: data.starts.map(isoTime),
    totals: data.totals,
    parts: data.series.map(({ key, label, total, values }) => ({ key, label, total, values })),
    before: data.before === null ? null : { total: data.before.total, totals: data.before.values },
    text: data.text,
  };
}

/** Values of a part belong on one line: a document with a value on each is read by nobody. No text has a line end in JSON. */
function onOneLine(_: string, values: string): string {
  return `[${values.replaceAll(/,\s*\n\s*/g, ', ')}]`;
}
