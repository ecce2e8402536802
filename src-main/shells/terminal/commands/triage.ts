import type { IntakeSummary } from '#shared/contract/intake.ts';
import type { IntakeProgress } from '../../../services/intake/port.ts';
import { EXIT } from '../exit-codes.ts';
import { inputsOf } from '../inputs.ts';
import { count, counted } from '../output/numbers.ts';
import type { ProgressStep } from '../output/progress-line.ts';
import { writeIntake, type RowOptions } from '../output/write-intake.ts';
import { reportProblems, reportTroubles } from '../output/troubles.ts';
import type { Session } from '../session.ts';

export interface TriageOptions extends RowOptions {
  readonly failOn?: 'malicious' | 'suspicious';
  readonly strict?: boolean;
  readonly as: 'auto' | 'list' | 'sample';
  readonly readAs?: string;
  readonly column?: readonly string[];
  readonly title?: string;
  readonly embargo?: boolean;
}

/** Lists beyond this gain from an accelerator. */
const LARGE_LIST = 200_000;
const LONGEST_WAIT_MS = 1_000;

/** Reads the inputs into an intake, answers every hash from this machine and writes the rows. Returns the exit code. */
export async function triage(session: Session, files: readonly string[], options: TriageOptions): Promise<number> {
  const inputs = inputsOf(session.host, files, session.signal);
  return session.withEngine(async (engine) => {
    const running = await engine.intakes.start(
      {
        door: 'terminal',
        inputs,
        ...(options.title === undefined ? {} : { title: options.title }),
        // From the start: a short list is ready, and received by sources that ask by themselves, at once.
        ...(options.embargo === true ? { embargo: true } : {}),
        reading: {
          as: options.as,
          ...(options.readAs === undefined ? {} : { format: options.readAs }),
          ...(options.column === undefined ? {} : { digestColumns: [...options.column] }),
        },
      },
      (step) => session.progress.show(progressOf(step)),
      session.signal,
    );
    const summary = await running.finished;
    session.progress.clear();
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
    if (summary.accounting.hashes > LARGE_LIST) {
      // Closing waits some seconds for what sources ask by themselves; a large list may take longer to queue.
      await engine.scanning.settled();
      // The rows are out; nobody waits long for what only makes the next list quicker.
      await engine.accelerator.refresh({ withinMs: LONGEST_WAIT_MS, signal: session.signal });
    }
    return codeOf(summary, options, incomplete);
  });
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
