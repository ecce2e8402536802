import { resolve } from 'node:path';
import { reportStatementSchema, type ReportStatement } from '#shared/contract/report.ts';
import { REPORT_FORMAT, REPORT_FORMATS, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { folderSaveTarget } from '../../../../platform/save-target.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import type { ReportRequest } from '../../../../services/report/port.ts';
import { requireAvailable } from '../../../../services/report/require-available.ts';
import { EXIT } from '../../exit-codes.ts';
import { bytes, count, counted, utc, utcMinute } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import { reportProblems } from '../../output/troubles.ts';
import type { Session } from '../../session.ts';
import type { WriteReportOptions } from './report-options.ts';
import { reportSelection } from './report-selection.ts';

/** Writes a report of an intake to a file, with verdicts as they are now. */
export async function writeReport(session: Session, id: number, options: WriteReportOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const { intake } = await engine.intakes.get(id);
    reportProblems(session, intake);
    await writeReportFile(session, engine, id, options);
    return EXIT.done;
  });
}

/** The same with an engine that is open. */
export async function writeReportFile(
  session: Session,
  engine: Engine,
  intakeId: number,
  options: WriteReportOptions,
): Promise<void> {
  if (options.out === '-') {
    throw new AppError('INVALID_ARGUMENT', 'A report is a file, because its seal goes in last. Name one with --out.');
  }
  const format = options.format ?? formatOfName(options.out) ?? 'html';
  requireAvailable(engine.reports, format);
  const statement = statementOf(options, options.examiner ?? (await engine.analyst()));
  const selection = await reportSelection(session, engine, intakeId, options);
  const request: ReportRequest = { intakeId, format, selection, statement, placing: session.placing };
  const path = await pathOf(session, engine, request, options.out);
  session.progress.show({ phase: 'looking', done: 0, total: null, unit: 'none' });
  const written = await engine.reports.write(
    request,
    path,
    (progress) => session.progress.show({ ...progress, unit: 'rows' }),
    session.signal,
  );
  session.progress.clear();
  session.note(`Report written to ${path}: ${counted(written.rows, 'row')}, ${bytes(written.bytes)}.`);
  if (written.manifestPath !== null) {
    session.note(`Its manifest and seal: ${written.manifestPath}.`);
  }
}

/** The reports made of an intake on this data directory, newest first. */
export async function listReports(
  session: Session,
  id: number,
  options: { readonly format: OutputFormat },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const rows = await engine.reports.list(id);
    await writeListing(session, options.format, {
      rows,
      whenEmpty: `No report of intake ${id} was made here. "assay report ${id}" makes one.`,
      columns: [
        { header: 'made (UTC)', cell: (report) => utcMinute(report.madeAt) },
        { header: 'form', cell: (report) => report.format },
        { header: 'rows', align: 'right', cell: (report) => count(report.rows) },
        { header: 'title', cell: (report) => report.title, least: 12 },
        { header: 'written to', cell: (report) => report.path, cut: 'start', least: 12 },
      ],
      data: ({ intakeId, madeAt, ...report }) => ({ ...report, intake: intakeId, madeAt: utc(madeAt) }),
    });
    return EXIT.done;
  });
}

/** The form a file's name says; null when it says none. */
function formatOfName(name: string | undefined): ReportFormat | null {
  const lower = (name ?? '').toLowerCase();
  return REPORT_FORMATS.find((format) => lower.endsWith(`.${REPORT_FORMAT[format].ending}`)) ?? null;
}

function statementOf(options: WriteReportOptions, examiner: string): ReportStatement {
  const { title = '', case: caseName = '', note = '' } = options;
  const parsed = reportStatementSchema.safeParse({ title, examiner, caseName, note });
  if (!parsed.success) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'Title, examiner and case have at most 200 characters, the note 20,000. Shorten what is longer.',
    );
  }
  return parsed.data;
}

/** Where the report goes; without a name a free one in this folder, so that nothing is replaced unasked. */
async function pathOf(
  session: Session,
  engine: Engine,
  request: ReportRequest,
  out: string | undefined,
): Promise<string> {
  const { folder } = session.host;
  if (out !== undefined) {
    return resolve(folder, out);
  }
  const free = await folderSaveTarget(() => Promise.resolve(folder)).choose(await engine.reports.nameFor(request));
  return free ?? resolve(folder, await engine.reports.nameFor(request));
}
