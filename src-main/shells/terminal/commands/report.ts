import { basename, resolve } from 'node:path';
import type { Selection } from '#shared/contract/intake.ts';
import type { Verification } from '#shared/contract/report.ts';
import { REPORT_FORMAT, REPORT_FORMATS, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../services/engine-port.ts';
import type { ReportRequest } from '../../../services/report/port.ts';
import { EXIT } from '../exit-codes.ts';
import { bytes, count, counted, utc, utcMinute } from '../output/numbers.ts';
import { visible } from '../output/plain-text.ts';
import { writeListing, type OutputFormat } from '../output/records.ts';
import { reportProblems } from '../output/troubles.ts';
import type { Session } from '../session.ts';
import type { WriteReportOptions } from './report-options.ts';

/** Writes a report of an intake to a file, with verdicts as they are now. */
export async function writeReport(session: Session, id: number, options: WriteReportOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const { intake } = await engine.intakes.get(id);
    reportProblems(session, intake);
    const format = options.format ?? formatOfName(options.out) ?? 'html';
    requireAvailable(engine, format);
    const examiner = options.examiner ?? (await engine.analyst());
    const request: ReportRequest = {
      intakeId: id,
      format,
      selection: selectionOf(options),
      statement: {
        title: options.title ?? '',
        examiner,
        caseName: options.case ?? '',
        note: options.note ?? '',
      },
    };
    const path = resolve(session.host.folder, options.out ?? (await engine.reports.nameFor(request)));
    session.progress.show({ phase: 'looking', done: 0, total: null, unit: 'none' });
    const written = await engine.reports.write(
      request,
      path,
      (done, total) => session.progress.show({ phase: 'writing', done, total, unit: 'rows' }),
      session.signal,
    );
    session.progress.clear();
    session.note(`Written to ${path}: ${counted(written.rows, 'row')}, ${bytes(written.bytes)}.`);
    if (written.manifestPath !== null) {
      session.note(`Its manifest and seal: ${written.manifestPath}.`);
    }
    return EXIT.done;
  });
}

/** Says of each file whether it is a report that is still as it was made. Every file is looked at. */
export async function verifyReports(
  session: Session,
  files: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const found: { readonly file: string; readonly verification: Verification }[] = [];
    for (const file of files) {
      found.push({
        file,
        verification: await engine.reports.verify(resolve(session.host.folder, file), session.signal),
      });
    }
    await session.out.write(
      options.json === true
        ? `${JSON.stringify(found.map(verificationData), null, 2)}\n`
        : found.map((each) => verificationText(each.file, each.verification)).join('\n'),
    );
    return found.every(({ verification }) => verification.outcome === 'matches') ? EXIT.done : EXIT.changed;
  });
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
      data: (report) => ({
        report: report.id,
        intake: report.intakeId,
        format: report.format,
        title: report.title,
        path: report.path,
        madeAt: utc(report.madeAt),
        madeBy: report.madeBy,
        rows: report.rows,
        bytes: report.bytes,
      }),
    });
    return EXIT.done;
  });
}

function selectionOf({ only, tag, containing }: WriteReportOptions): Selection {
  return {
    kind: 'query',
    query: {
      statuses: [...(only ?? [])],
      flags: [],
      tags: [...(tag ?? [])],
      text: containing ?? '',
      sort: 'position',
      descending: false,
      asOf: 0,
    },
  };
}

/** The form a file's name says; null when it says none. */
function formatOfName(name: string | undefined): ReportFormat | null {
  const lower = (name ?? '').toLowerCase();
  return REPORT_FORMATS.find((format) => lower.endsWith(`.${REPORT_FORMAT[format].ending}`)) ?? null;
}

function requireAvailable(engine: Engine, format: ReportFormat): void {
  const unavailable = engine.reports.formats().find((one) => one.format === format)?.unavailable ?? null;
  if (unavailable !== null) {
    throw new AppError('UNSUPPORTED', `${REPORT_FORMAT[format].label}: ${unavailable}`);
  }
}

function verificationData({ file, verification }: { readonly file: string; readonly verification: Verification }) {
  const { madeHereAt, manifest, ...facts } = verification;
  return {
    file,
    ...facts,
    madeHereAt: madeHereAt === null ? null : utc(madeHereAt),
    manifest: manifest === null ? null : { ...manifest, madeAt: utc(manifest.madeAt) },
  };
}

function verificationText(
  file: string,
  { outcome, sentence, manifest, carried, computed, madeHereAt }: Verification,
): string {
  const lines = [`${basename(file)}: ${outcome}. ${sentence}`];
  if (manifest !== null) {
    const by = manifest.examiner === '' ? '' : `, examiner ${manifest.examiner}`;
    const kept = manifest.caseName === '' ? '' : `, case ${manifest.caseName}`;
    const made = manifest.simulated ? '; its answers are simulated' : '';
    lines.push(
      `  It says: made ${utcMinute(manifest.madeAt)} UTC by ${manifest.madeBy}${by}${kept}, ${counted(manifest.rows, 'row')}${made}.`,
    );
  }
  if (carried !== null && carried !== computed) {
    lines.push(`  carried  ${carried}`, `  computed ${computed ?? ''}`);
  }
  if (outcome !== 'unsealed') {
    lines.push(
      madeHereAt === null
        ? '  This data directory has made no report with that seal.'
        : `  This data directory made a report with that seal at ${utcMinute(madeHereAt)} UTC.`,
    );
  }
  return `${lines.map(visible).join('\n')}\n`;
}
