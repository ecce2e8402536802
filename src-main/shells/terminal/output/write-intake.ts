import type { GridQuery, IntakeSummary, InputFileView } from '#shared/contract/intake.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import type { Status } from '#shared/domain/status.ts';
import type { Engine } from '../../../services/engine-port.ts';
import type { Session } from '../session.ts';
import { accountingLine, countsLine, formatLines, keptLine, rowLines, summaryLines } from './intake-report.ts';
import { OWN_DOCUMENT } from '../../../formats/json/rows.ts';
import { count, counted, utc } from './numbers.ts';
import type { OutputFormat } from './records.ts';
import { rowText } from './row-text.ts';
import { writeTo } from './write-to.ts';

/** Which rows of an intake are written, and how. */
export interface RowOptions {
  readonly format: OutputFormat;
  readonly only?: readonly Status[];
  /** How many rows a table shows. The other formats write all. */
  readonly rows: number | 'all';
  readonly out?: string;
}

/** Rows asked for at a time; a page of the engine holds no more. */
const PAGE = 500;

/**
 * Writes the rows of an intake: a table worst first, or everything in source order as JSON, JSON Lines or CSV, to
 * standard output or to a file that appears only when it is whole. A reader that closes the pipe early ends it quietly.
 */
export async function writeIntake(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  options: RowOptions,
): Promise<void> {
  const { inputs } = await engine.intakes.get(intake.id);
  const text = textOf(session, engine, intake, inputs, options);
  await writeTo(session, options.out, text, options.format === 'table' ? 'table' : 'data');
  if (options.format !== 'table' || (options.out !== undefined && options.out !== '-')) {
    for (const line of formatLines(inputs, session.style)) {
      session.note(line);
    }
    session.note(`${accountingLine(intake.accounting)}.`);
    session.note(countsLine(intake.counts, session.style));
    session.note(keptLine(intake));
  }
}

function textOf(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  inputs: readonly InputFileView[],
  options: RowOptions,
): AsyncIterable<string> {
  if (options.format === 'table') {
    return tableText(session, engine, intake, inputs, options);
  }
  if (options.format === 'json') {
    return documentText(session, engine, intake, inputs, options);
  }
  return rowText(session, engine, intake, queryOf(options, 'source'), options.format);
}

async function* tableText(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  inputs: readonly InputFileView[],
  options: RowOptions,
): AsyncIterable<string> {
  const style = session.style;
  yield `${summaryLines(intake, inputs, style).join('\n')}\n`;
  const query = queryOf(options, 'worst-first');
  const most = options.rows === 'all' ? Number.POSITIVE_INFINITY : options.rows;
  const now = Math.floor(session.host.now() / 1000);
  let shown = 0;
  let total = 0;
  do {
    const limit = Math.min(PAGE, most - shown);
    if (limit < 1) {
      ({ total } = await engine.intakes.rows(intake.id, query, { offset: 0, limit: 1 }));
      break;
    }
    const page = await engine.intakes.rows(intake.id, query, { offset: shown, limit });
    ({ total } = page);
    if (page.rows.length === 0) {
      break;
    }
    const lines = rowLines(page.rows, {
      style,
      width: session.out.width,
      now,
      basis: (row) => verdictBasisLabel(row.verdict),
    });
    yield `${(shown === 0 ? ['', ...lines] : lines.slice(1)).join('\n')}\n`;
    shown += page.rows.length;
  } while (shown < total);
  yield `\n${footLines(intake, options, shown, total).join('\n')}\n`;
}

function footLines(intake: IntakeSummary, options: RowOptions, shown: number, total: number): string[] {
  const only = options.only === undefined ? '' : ` that are ${options.only.join(' or ')}`;
  if (total === 0) {
    return [`No rows${only}.`, keptLine(intake)];
  }
  if (shown === total) {
    return [keptLine(intake)];
  }
  const filter = options.only === undefined ? '' : ` --only ${options.only.join(',')}`;
  const more = `${counted(total - shown, 'more row')}${only} of ${count(total)}: assay intakes show ${intake.id}${filter} --rows all`;
  return [more, keptLine(intake)];
}

async function* documentText(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  inputs: readonly InputFileView[],
  options: RowOptions,
): AsyncIterable<string> {
  const mark = engine.simulated ? { simulated: true } : {};
  const head = JSON.stringify({ [OWN_DOCUMENT]: 'intake', ...mark, ...intakeData(intake), inputs });
  yield `${head.slice(0, -1)},"rows":[`;
  let separator = '\n';
  for await (const batch of rowText(session, engine, intake, queryOf(options, 'source'), 'jsonl')) {
    const rows = batch.endsWith('\n') ? batch.slice(0, -1) : batch;
    if (rows !== '') {
      yield separator + rows.replaceAll('\n', ',\n');
      separator = ',\n';
    }
  }
  yield '\n]}\n';
}

/** An intake as data, times in ISO 8601 UTC. */
export function intakeData(intake: IntakeSummary): Record<string, unknown> {
  return {
    intake: intake.id,
    title: intake.title,
    state: intake.state,
    createdAt: utc(intake.createdAt),
    judgedAt: utc(intake.judgedAt),
    elapsedMs: intake.elapsedMs,
    bytes: intake.bytes,
    sha256: intake.sha256,
    readBy: intake.readBy,
    embargo: intake.embargo,
    note: intake.note,
    accounting: intake.accounting,
    counts: intake.counts,
    problems: intake.problems,
    columns: intake.columns,
  };
}

function queryOf(options: RowOptions, order: 'worst-first' | 'source'): GridQuery {
  return {
    statuses: [...(options.only ?? [])],
    flags: [],
    text: '',
    sort: order === 'worst-first' ? 'verdict' : 'position',
    descending: order === 'worst-first',
    asOf: 0,
  };
}
