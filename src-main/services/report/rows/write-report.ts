import { createHash, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Selection } from '#shared/contract/intake.ts';
import type { ReportStatement } from '#shared/contract/report.ts';
import { REPORT_FORMAT, type ReportFormat } from '#shared/domain/report.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReportContent, ReportHead, ReportRow } from '../../../destinations/report/port.ts';
import { sealed } from '../../../destinations/report/seal.ts';
import { SIDECAR_ENDING, sidecarText } from '../../../destinations/report/sidecar.ts';
import { REPORT_WRITERS, type SealedWriter } from '../../../destinations/report/writers.ts';
import { writeStreamed } from '../../../destinations/write-streamed.ts';
import { copyVerdicts } from '../../../intakes/verdict-file.ts';
import type { OpenIntake } from '../../intake/host/open-intake.ts';
import type { Trouble } from '../../intake/port.ts';
import { DamagedSection } from '../../triage/bulk/sorted-section.ts';
import { selectEntries } from '../../triage/plan/selected-entries.ts';
import type { JudgeContext } from '../../triage/port.ts';
import { openKnownSets, type KnownSets } from '../../triage/set-lookup.ts';
import { reportHead } from './report-head.ts';
import { reportRows } from './report-rows.ts';
import { findSetHits } from './set-hits.ts';

/** What is to be reported; plain data, for it crosses threads. */
export interface ReportTask {
  readonly intakeId: number;
  readonly selection: Selection;
  readonly format: ReportFormat;
  readonly statement: ReportStatement;
  /** Name and version of the program. */
  readonly madeBy: string;
}

/** A report that was written. */
export interface ReportOutcome {
  readonly head: ReportHead;
  readonly bytes: number;
  /** The digits of the seal; null for a page that is yet to be printed. */
  readonly seal: string | null;
}

/** Where the rows come from: an open intake, the entries that are wanted, and what verdicts rest on. */
export interface ReportSource {
  readonly context: JudgeContext;
  readonly intake: OpenIntake;
  readonly order: Uint32Array;
  readonly problems: readonly string[] | null;
  troubles(page: { readonly offset: number; readonly limit: number }): { readonly rows: readonly Trouble[] };
}

const TROUBLES_AT_ONCE = 1_000;
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
  return withContent(source, task, source.order, null, signal, async (content) => {
    const { head } = content;
    let seal: string | null = null;
    const hash = task.format === 'csv' ? createHash('sha256') : null;
    const rows = counted(content.rows, (done) => onRows(done, head.rows));
    const chunks = write({ ...content, rows }, (digits) => (seal = digits));
    const { bytes } = await writeStreamed(path, hash === null ? chunks : hashed(chunks, hash), signal);
    if (hash !== null) {
      seal = await writeSidecar(path, head, bytes, hash.digest('hex'), signal);
    }
    return { head, bytes, seal };
  });
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
  const order = source.order.subarray(0, PREVIEW_ROWS);
  try {
    return await withContent(source, task, order, PREVIEW_TROUBLES, signal, async (content) => ({
      head: content.head,
      kind,
      content: await beginningOf(write(content, () => undefined)),
    }));
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

/**
 * Puts the content of a report together for one piece of work. A known set that proves damaged on the way never gives an
 * answer: it is put aside, named among the report's problems, and the work is done anew.
 */
async function withContent<T>(
  source: ReportSource,
  task: ReportTask,
  order: Uint32Array,
  mostTroubles: number | null,
  signal: AbortSignal,
  work: (content: ReportContent) => Promise<T>,
): Promise<T> {
  const { context, intake } = source;
  const { db, directory } = context;
  // Verdicts may change while rows are taken: a report is of one moment.
  const verdicts = copyVerdicts(intake.view.verdicts);
  const damaged = new Set<string>();
  intake.pin();
  if (order.length > intake.file.entries / 8) {
    intake.file.holdDigests();
  }
  try {
    for (;;) {
      const sets = openKnownSets(db, directory, damaged);
      try {
        const parts = { db, intake, verdicts, order: source.order, sets, problems: source.problems };
        const head = reportHead({ ...parts, request: task, now: context.now });
        const rows = rowsOf(source, verdicts, order, sets, signal);
        return await work({ head, rows, troubles: troublesOf(source, mostTroubles) });
      } catch (error) {
        const path = damagedPath(error);
        if (path === null || damaged.has(path)) {
          throw error;
        }
        damaged.add(path);
      } finally {
        sets.close();
      }
    }
  } finally {
    intake.file.releaseDigests();
    intake.unpin();
  }
}

/** The file of a known set to do without, or null when the error is about something else. */
function damagedPath(error: unknown): string | null {
  if (error instanceof DamagedSection) {
    return error.path;
  }
  return error instanceof Error && error.cause instanceof DamagedSection ? error.cause.path : null;
}

async function* rowsOf(
  { context, intake }: ReportSource,
  verdicts: ReturnType<typeof copyVerdicts>,
  order: Uint32Array,
  sets: KnownSets,
  signal: AbortSignal,
): AsyncGenerator<readonly ReportRow[]> {
  const { db, policy, now } = context;
  const { file, triaged } = intake;
  const hits = await findSetHits(sets, selectEntries(file.source(), order), signal);
  yield* reportRows({ db, file, verdicts, triaged, policy, now, sets, hits }, order, signal);
}

async function* troublesOf(source: ReportSource, most: number | null): AsyncGenerator<readonly Trouble[]> {
  const limit = most ?? TROUBLES_AT_ONCE;
  for (let offset = 0; ; offset += limit) {
    const { rows } = source.troubles({ offset, limit });
    if (rows.length > 0) {
      yield rows;
    }
    if (most !== null || rows.length < limit) {
      return;
    }
  }
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

async function* hashed(chunks: AsyncIterable<string | Uint8Array>, hash: Hash): AsyncGenerator<string | Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Writes the manifest beside a report; without it the report goes, too. Returns the digits of its seal. */
async function writeSidecar(
  path: string,
  head: ReportHead,
  bytes: number,
  sha256: string,
  signal: AbortSignal,
): Promise<string> {
  let seal = '';
  const text = sidecarText(head, basename(path), bytes, sha256);
  try {
    await writeStreamed(
      `${path}${SIDECAR_ENDING}`,
      sealed(one(text), (digits) => (seal = digits)),
      signal,
    );
    return seal;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
