import { isAppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import { NO_ACCOUNTING } from '../../db/repositories/intakes.ts';
import { keepEmbargo } from './embargo.ts';
import type { IntakeProgress, StartIntake } from './port.ts';
import { reasonOf } from './reading/reason.ts';
import type { IntakeRunner, ReadProgress, ReadReport, RunningRead } from './run/runner.ts';

/** Samples whose digests are linked in one write. */
const LINKS_PER_WRITE = 2_000;

const NOTHING_READ: ReadProgress = {
  phase: 'reading',
  bytesDone: 0,
  bytesTotal: null,
  records: 0,
  counts: null,
  judged: 0,
};

/**
 * Takes one intake from its row to its verdicts: read, keep, mark as ready, judge, link what was computed. The row always
 * ends in a final state; only defects reject, after the row says so.
 */
export async function runIntake(
  parts: { readonly database: Database; readonly runner: IntakeRunner; readonly seconds: () => number },
  id: number,
  request: StartIntake,
  onProgress: (progress: IntakeProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { runner } = parts;
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  let last: ReadProgress = NOTHING_READ;
  const reading = runner.read(
    {
      intakeId: id,
      inputs: request.inputs,
      reading: request.reading,
      passwords: request.passwords ?? [],
      ...(request.pause === undefined ? {} : { pause: request.pause }),
    },
    (progress) => {
      last = progress;
      onProgress(progress);
    },
    signal,
  );
  try {
    const report = await readOrFail(parts, id, request, reading, elapsed, () => last);
    if (report === null) {
      return;
    }
    const { bytes: bytesDone, accounting } = report;
    const { records } = accounting;
    onProgress({ ...last, phase: 'judging', bytesDone, records });
    const seq = await judge(parts, reading, id, elapsed, (counts, judged) =>
      onProgress({ ...last, phase: 'judging', bytesDone, records, counts, judged }),
    );
    await linkComputed(parts, id, report, seq);
  } finally {
    reading.end();
  }
}

/** Null when nothing could be kept; the row says why. */
async function readOrFail(
  parts: { readonly database: Database; readonly runner: IntakeRunner; readonly seconds: () => number },
  id: number,
  request: StartIntake,
  reading: RunningRead,
  elapsed: () => number,
  last: () => ReadProgress,
): Promise<ReadReport | null> {
  const { database, seconds } = parts;
  try {
    const report = await reading.read;
    const { computed: _computed, ...read } = report;
    // Under embargo before it can be shown or its hashes could be asked about; once more for one set meanwhile.
    await keepEmbargo(database, parts.runner, id);
    await database.write('finishIntake', { id, outcome: { ...read, elapsedMs: elapsed() }, at: seconds() });
    await keepEmbargo(database, parts.runner, id);
    return report;
  } catch (error) {
    const outcome = {
      state: 'failed',
      elapsedMs: elapsed(),
      bytes: last().bytesDone,
      sha256: null,
      files: request.inputs.length,
      accounting: NO_ACCOUNTING,
      columns: [],
      fault: faultOf(error),
    } as const;
    await database.write('finishIntake', { id, outcome, at: seconds() });
    if (!isExpected(error)) {
      throw error;
    }
    return null;
  }
}

/** Returns the change the verdicts reflect. */
async function judge(
  parts: { readonly database: Database },
  reading: RunningRead,
  id: number,
  elapsed: () => number,
  onCounts: (counts: NonNullable<IntakeProgress['counts']>, judged: number) => void,
): Promise<number> {
  const { counts, seq, judgedAt, answered, problems } = await reading.judge();
  await parts.database.write('saveJudgement', {
    id,
    counts,
    seq,
    at: judgedAt,
    elapsedMs: elapsed(),
    answered,
    problems: problems ?? [],
  });
  const { malicious, suspicious, pending, unknown } = counts;
  onCounts(counts, malicious + suspicious + pending + unknown + counts['non-malicious']);
  return seq;
}

/**
 * Remembers which digests belong to one file, where Assay read the file itself. An intake of nothing but such files,
 * judged at `judgedSeq`, is spared the look at what it said itself.
 */
async function linkComputed(
  parts: { readonly database: Database; readonly runner: IntakeRunner; readonly seconds: () => number },
  id: number,
  { computed, accounting }: ReadReport,
  judgedSeq: number,
): Promise<void> {
  let since = judgedSeq;
  let isQuiet = computed === accounting.hashes;
  for (let from = 0; from < computed; from += LINKS_PER_WRITE) {
    const sets = await parts.runner.call('computedSets', id, from, LINKS_PER_WRITE);
    const learned = await parts.database.write('learnComputedLinks', { sets, at: parts.seconds(), since }, 'bulk');
    since = learned.seq;
    isQuiet &&= learned.isQuiet;
  }
  if (isQuiet && computed > 0) {
    await parts.runner.call('passOver', id, judgedSeq, since);
  }
}

function isExpected(error: unknown): boolean {
  return isAppError(error) || typeof (error as NodeJS.ErrnoException | null)?.code === 'string';
}

function faultOf(error: unknown): string {
  if (isAppError(error)) {
    return error.message;
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'The disk is full: the intake could not be written. Free some space and read the list again.';
  }
  return `The intake could not be written: ${reasonOf(error)}. Drop the list again.`;
}
