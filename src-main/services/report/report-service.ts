import { join, resolve } from 'node:path';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { REPORT_FORMAT, REPORT_FORMATS, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import { manifestText } from '../../destinations/report/manifest.ts';
import { printPdf, withPrintFolder } from '../../destinations/report/pdf/print-pdf.ts';
import { sealed } from '../../destinations/report/seal.ts';
import { SIDECAR_ENDING } from '../../destinations/report/sidecar.ts';
import { REPORT_WRITERS } from '../../destinations/report/writers.ts';
import { writeStreamed } from '../../destinations/write-streamed.ts';
import type { Printer } from '../../platform/printer.ts';
import { safeName } from '../handlers/safe-name.ts';
import type { IntakeService } from '../intake/port.ts';
import type { ReportProgress, ReportRequest, ReportService } from './port.ts';
import { previewNotes } from './preview-notes.ts';
import { requireFits } from './require-available.ts';
import type { ReportOutcome } from './rows/write-report.ts';
import { compareReport } from './verify-report.ts';

const MOST_LISTED = 100;

/** What reports are made of. */
export interface ReportParts {
  readonly database: Database;
  readonly intakes: IntakeService;
  /** Name and version of the program. */
  readonly madeBy: string;
  /** Absent where nothing prints. */
  readonly printer: Printer | undefined;
}

/** Makes, shows, lists and verifies reports. */
export function createReports({ database, intakes, madeBy, printer }: ReportParts): ReportService {
  const task = (request: ReportRequest) => ({ ...request, madeBy });
  const nameOf = (intake: IntakeSummary, format: ReportFormat): string =>
    `${safeName(intake.title, 'intake')}.report.${REPORT_FORMAT[format].ending}`;

  const print = (
    request: ReportRequest,
    path: string,
    onProgress: (progress: ReportProgress) => void,
    signal: AbortSignal,
  ): Promise<ReportOutcome> => {
    const by = availablePrinter(printer);
    return withPrintFolder(database.directory, async (folder) => {
      const { head: first } = await intakes.reportPreview(task(request), signal);
      requireFits(request.format, first.rows);
      const page = join(folder, 'report.html');
      const { head } = await intakes.report(
        { ...task(request), placing: 'replace' },
        page,
        writing(onProgress),
        signal,
      );
      onProgress({ phase: 'printing', done: head.rows, total: null });
      let seal = '';
      const chunks = sealed(
        printPdf(page, head.rows, manifestText(head), by, folder, signal),
        (digits) => (seal = digits),
      );
      const { bytes } = await writeStreamed(path, chunks, signal, request.placing);
      return { head, bytes, seal };
    });
  };

  return {
    formats: () => REPORT_FORMATS.map((format) => ({ format, unavailable: whyUnavailable(format, printer) })),
    async preview(request, signal) {
      const { head, kind, content } = await intakes.reportPreview(task(request), signal);
      const { intake } = await intakes.get(request.intakeId);
      return {
        rows: head.rows,
        kind,
        content,
        notes: previewNotes(head),
        suggestedName: nameOf(intake, request.format),
      };
    },
    async nameFor({ intakeId, format }) {
      const { intake } = await intakes.get(intakeId);
      return nameOf(intake, format);
    },
    async write(request, path, onProgress, signal) {
      const { format, intakeId, statement } = request;
      const outcome = await (format === 'pdf'
        ? print(request, path, onProgress, signal)
        : intakes.report(task(request), path, writing(onProgress), signal));
      const { head, bytes } = outcome;
      if (outcome.seal === null) {
        throw new Error(`a report as ${format} was written without a seal`);
      }
      await database.write('noteReport', {
        intakeId,
        format,
        title: statement.title === '' ? head.intake.title : statement.title,
        path: resolve(path),
        madeAt: head.madeAt,
        madeBy,
        rows: head.rows,
        bytes,
        seal: Buffer.from(outcome.seal, 'hex'),
      });
      const manifestPath = format === 'csv' ? `${path}${SIDECAR_ENDING}` : null;
      return { path, manifestPath, rows: head.rows, bytes, seal: outcome.seal };
    },
    async verify(path, onRead, signal) {
      const { sealDigits, ...compared } = await compareReport(path, onRead, signal);
      const madeHereAt =
        sealDigits === null ? null : await database.read('reportSealedAt', { seal: Buffer.from(sealDigits, 'hex') });
      return { ...compared, madeHereAt };
    },
    list: (intakeId) => database.read('writtenReports', { intakeId, limit: MOST_LISTED }),
  };
}

function writing(onProgress: (progress: ReportProgress) => void): (done: number, total: number) => void {
  return (done, total) => onProgress({ phase: 'writing', done, total });
}

function whyUnavailable(format: ReportFormat, printer: Printer | undefined): string | null {
  if (format === 'pdf') {
    return printer === undefined ? NO_PRINTER : printer.unavailable();
  }
  return REPORT_WRITERS[format] === undefined ? 'This version does not write it.' : null;
}

const NO_PRINTER = 'Nothing here can print. The window prints reports; HTML can be printed by any browser.';

function availablePrinter(printer: Printer | undefined): Printer {
  const why = whyUnavailable('pdf', printer);
  if (printer === undefined || why !== null) {
    throw new AppError('UNSUPPORTED', why ?? NO_PRINTER);
  }
  return printer;
}
