import { REPORT_FORMAT, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReportContent, ReportHead, ReportRow } from '../../../destinations/report/port.ts';
import { REPORT_WRITERS, type SealedWriter } from '../../../destinations/report/writers.ts';
import { writeStreamed } from '../../../destinations/write-streamed.ts';
import { writeWithSidecar } from './write-with-sidecar.ts';
import { withContent, type ReportSource, type ReportTask } from './report-content.ts';

/** A report that was written. */
export interface ReportOutcome {
  readonly head: ReportHead;
  readonly bytes: number;
  /** The digits of the seal; null for a page that is yet to be printed. */
  readonly seal: string | null;
}

/** Rows and records in a preview, and the most text of it. */
const PREVIEW_ROWS = 50;
const PREVIEW_TROUBLES = 20;
const PREVIEW_CHARACTERS = 256 * 1024;

/** Writes a report to `path`, whole or not at all, and its manifest beside it where the form cannot carry one. */
export async function writeReport(
  source: ReportSource,
  task: ReportTask,
  path: string,
  onRows: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ReportOutcome> {
  const write = await writerOf(task.format);
  const whole = { order: source.order, troubles: null };
  const work = async (content: ReportContent): Promise<ReportOutcome> => {
    const { head } = content;
    let seal: string | null = null;
    const rows = counted(content.rows, (done) => onRows(done, head.rows));
    const chunks = write({ ...content, rows }, (digits) => (seal = digits));
    if (task.format === 'csv') {
      return { head, ...(await writeWithSidecar(path, head, chunks, task.placing ?? 'replace', signal)) };
    }
    const { bytes } = await writeStreamed(path, chunks, signal, task.placing);
    return { head, bytes, seal };
  };
  return withContent(source, task, whole, work, signal);
}

/** The beginning of a report, or a page that shows it for a form that is no text. @throws AppError CANCELLED */
export async function previewReport(
  source: ReportSource,
  task: ReportTask,
  signal: AbortSignal,
): Promise<{ readonly head: ReportHead; readonly kind: 'html' | 'text'; readonly content: string }> {
  const isPage = task.format === 'html' || task.format === 'pdf' || task.format === 'xlsx';
  const write = await writerOf(isPage ? 'pdf' : task.format);
  const kind = isPage ? 'html' : 'text';
  const share = { order: source.order.subarray(0, PREVIEW_ROWS), troubles: PREVIEW_TROUBLES };
  const work = async (content: ReportContent) =>
    ({ head: content.head, kind, content: await beginningOf(write(content, () => undefined)) }) as const;
  try {
    return await withContent(source, task, share, work, signal);
  } catch (error) {
    throw signal.aborted ? new AppError('CANCELLED', 'The preview was given up.', { cause: error }) : error;
  }
}

async function beginningOf(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > PREVIEW_CHARACTERS) {
      break;
    }
  }
  return text.slice(0, PREVIEW_CHARACTERS);
}

async function writerOf(format: ReportFormat): Promise<SealedWriter> {
  const load = REPORT_WRITERS[format];
  if (load === undefined) {
    throw new AppError('UNSUPPORTED', `${REPORT_FORMAT[format].label} cannot be written here. Choose another form.`);
  }
  return load();
}

async function* counted(
  batches: AsyncIterable<readonly ReportRow[]>,
  onRows: (done: number) => void,
): AsyncGenerator<readonly ReportRow[]> {
  let done = 0;
  for await (const batch of batches) {
    yield batch;
    done += batch.length;
    onRows(done);
  }
}
