import { AppError } from '#shared/errors/app-error.ts';
import { startReading } from '../../../db/start.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Judge } from '../../triage/port.ts';
import { IntakeHost } from '../host/intake-host.ts';
import type { FormatTools } from '../reading/formats.ts';
import { previewSource } from '../reading/preview/preview-source.ts';
import { readInPlace } from './read-in-place.ts';
import type { IntakeRunner } from './runner.ts';

/** Does everything on the calling thread, for the terminal and tests; other work gets its turn every 25 ms. */
export function createInlineRunner(parts: {
  readonly directory: string;
  readonly databaseFile: string;
  readonly judge: Judge;
  readonly formats: FormatTools;
  readonly clock: Clock;
  /** Judges the first hashes while reading; costs time where nobody looks. */
  readonly isLooking?: boolean;
}): IntakeRunner {
  const { db, use } = startReading(parts.databaseFile);
  const host = new IntakeHost({ directory: parts.directory, db, judge: parts.judge, clock: parts.clock });
  const running = new Set<Promise<unknown>>();
  let isStopping = false;

  const call: IntakeRunner['call'] = async (name, ...args) => {
    if (isStopping) {
      throw new AppError('CANCELLED', 'Assay is closing. Nothing was done.');
    }
    const method = host[name] as unknown as (...all: unknown[]) => ReturnType<IntakeHost[typeof name]>;
    return method.apply(host, args);
  };

  return {
    read(task, onProgress, signal) {
      const place = { ...parts, host, isLooking: parts.isLooking === true };
      const read = readInPlace(place, task, onProgress, () => signal.aborted || isStopping);
      running.add(read);
      return {
        read: read.finally(() => running.delete(read)),
        judge: async () => host.judgeNew(task.intakeId),
        end: () => undefined,
      };
    },
    call,
    borrow: () => ({ call, end: () => Promise.resolve() }),
    report: (task, path, onRows, signal) => host.report(task, path, onRows, signal),
    reportPreview: (task, signal) => host.reportPreview(task, signal),
    preview: (task, signal) => previewSource(task, parts.formats, signal),
    batches: (id, selection, signal) => host.batches(id, selection, () => signal.aborted),
    async dispose() {
      isStopping = true;
      await Promise.allSettled(running);
      host.dispose();
      db.close();
      use.release();
    },
  };
}
