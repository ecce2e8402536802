import { readAsSchema, type IntakeSummary, type Reading } from '#shared/contract/intake.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import type { IntakeProgress, StartIntake } from '../../../../services/intake/port.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { inputsOf } from '../../inputs.ts';
import { count, counted } from '../../output/numbers.ts';
import type { ProgressStep } from '../../output/progress-line.ts';
import { writeIntake, type RowOptions } from '../../output/write-intake.ts';
import { reportProblems, reportTroubles } from '../../output/troubles.ts';
import type { Session } from '../../session.ts';

export interface TriageOptions extends RowOptions {
  readonly failOn?: 'malicious' | 'suspicious';
  readonly strict?: boolean;
  /** `auto`, `list`, `sample` or the id of a format. */
  readonly as: string;
  readonly readAs?: string;
  readonly column?: readonly string[];
  /** A file with the passwords of archives, or `-`. */
  readonly passwordFile?: string;
  readonly title?: string;
  readonly embargo?: boolean;
  readonly report?: string;
}

/** Lists beyond this gain from an accelerator. */
const LARGE_LIST = 200_000;
const LONGEST_WAIT_MS = 1_000;

/** Reads the inputs into an intake, answers every hash from this machine and writes the rows. Returns the exit code. */
export async function triage(session: Session, files: readonly string[], options: TriageOptions): Promise<number> {
  const reading = await readingOf(options);
  const { passwordsOf } = await import('./archive-passwords.ts');
  const passwords = await passwordsOf(session, files, options.passwordFile);
  const inputs = inputsOf(session.host, files, session.signal);
  return session.withEngine(async (engine) => {
    const request: StartIntake = {
      door: 'terminal',
      inputs,
      ...(options.title === undefined ? {} : { title: options.title }),
      // From the start: a short list is ready, and received by sources that ask by themselves, at once.
      ...(options.embargo === true ? { embargo: true } : {}),
      reading,
    };
    const summary = await readOpened(session, engine, request, passwords);
    if (summary.state === 'failed') {
      session.warn(`assay: ${summary.fault ?? 'Nothing could be read.'}`);
      return EXIT.nothing;
    }
    reportProblems(session, summary);
    const incomplete = await reportTroubles(session, engine, summary);
    if (summary.state === 'cancelled') {
      session.warn(
        `Cancelled. ${counted(summary.accounting.records, 'row')} read so far: ${counted(summary.accounting.hashes, 'hash', 'hashes')} kept and answered as intake ${summary.id}.`,
      );
      return session.stoppedCode() ?? EXIT.interrupted;
    }
    await writeIntake(session, engine, summary, options);
    if (options.report !== undefined) {
      const { writeReportFile } = await import('../report/report.ts');
      await writeReportFile(session, engine, summary.id, { out: options.report });
    }
    if (summary.accounting.hashes > LARGE_LIST) {
      // Closing waits some seconds for what sources ask by themselves; a large list may take longer to queue.
      await engine.scanning.settled();
      // The rows are out; nobody waits long for what only makes the next list quicker.
      await engine.accelerator.refresh({ withinMs: LONGEST_WAIT_MS, signal: session.signal });
    }
    return codeOf(summary, options, incomplete);
  });
}

/**
 * Reads the inputs. Where something stays locked and somebody sits at the terminal, a password is asked for once and
 * everything is read a second time; the first intake, which lacks what was locked, is forgotten then.
 */
async function readOpened(
  session: Session,
  engine: Engine,
  request: StartIntake,
  passwords: readonly string[],
): Promise<IntakeSummary> {
  const read = async (given: readonly string[]): Promise<IntakeSummary> => {
    const running = await engine.intakes.start(
      given.length === 0 ? request : { ...request, passwords: given },
      (step) => session.progress.show(progressOf(step)),
      session.signal,
    );
    const summary = await running.finished;
    session.progress.clear();
    return summary;
  };
  const first = await read(passwords);
  const { inputs } = first.state === 'ready' ? await engine.intakes.get(first.id) : { inputs: [] };
  if (!inputs.some((input) => input.needsPassword === true)) {
    return first;
  }
  const { askPassword, lockedLine } = await import('./archive-passwords.ts');
  const typed = passwords.length === 0 ? await askPassword(session, inputs) : null;
  if (typed === null) {
    session.warn(lockedLine(inputs));
    return first;
  }
  const second = await read([typed]);
  if (second.state !== 'ready') {
    return second;
  }
  await engine.intakes.forget(first.id);
  const { inputs: left } = await engine.intakes.get(second.id);
  if (left.some((input) => input.needsPassword === true)) {
    session.warn(lockedLine(left));
  }
  return second;
}

/** What was asked for; INVALID_ARGUMENT for a format that there is none of. */
async function readingOf({ as, readAs, column }: TriageOptions): Promise<Reading> {
  const columns = column === undefined ? {} : { digestColumns: [...column] };
  const plain = readAsSchema.safeParse(as);
  const asked = plain.success ? readAs : as;
  if (!plain.success && readAs !== undefined && readAs !== as) {
    throw new AppError('INVALID_ARGUMENT', `--as ${as} and --read-as ${readAs} name two formats. Name one.`);
  }
  if (asked === undefined) {
    return { as: plain.success ? plain.data : 'auto', ...columns };
  }
  // Only now: most readings ask for nothing, and need not load every format before the first byte.
  const { formatCatalogue } = await import('../../../../formats/catalogue.ts');
  const entry = formatCatalogue().find(({ id }) => id === asked);
  if (entry === undefined) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `No format is called "${asked}". There are auto, list, sample and what "assay formats" names.`,
    );
  }
  const kind = plain.success ? plain.data : entry.kind === 'list' ? 'list' : 'auto';
  return { as: kind, format: entry.id, ...columns };
}

function codeOf(summary: IntakeSummary, options: TriageOptions, incomplete: boolean): number {
  const { malicious, suspicious } = summary.counts;
  if (options.failOn !== undefined && malicious + (options.failOn === 'suspicious' ? suspicious : 0) > 0) {
    return EXIT.found;
  }
  return options.strict === true && incomplete ? EXIT.strict : EXIT.done;
}

function progressOf(step: IntakeProgress): ProgressStep {
  return {
    phase: step.phase,
    done: step.bytesDone,
    total: step.bytesTotal,
    unit: 'bytes',
    note:
      step.counts === null
        ? counted(step.records, 'row')
        : `${counted(step.records, 'row')}, ■ ${count(step.counts.malicious)}`,
  };
}
