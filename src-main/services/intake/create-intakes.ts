import type { Database } from '../../db/port.ts';
import type { Clock } from '../../platform/clock.ts';
import { workerEntry } from '../../platform/worker-entry.ts';
import { createJudge } from '../triage/judge.ts';
import { createIntakeService } from './intake-service.ts';
import type { IntakeService } from './port.ts';
import { formatTools } from './reading/format-tools.ts';
import { createInlineRunner } from './run/inline-runner.ts';
import { createWorkerRunner } from './run/worker-runner.ts';

export interface IntakesOptions {
  /** `workers` for shells that answer a window, `inline` for the terminal. */
  readonly threads: 'workers' | 'inline';
  readonly clock: Clock;
  /** Name and version of the program, kept with each intake. */
  readonly readBy: string;
}

/** The intake service of a data directory. What an earlier process left half done is put right first. */
export async function createIntakes(database: Database, options: IntakesOptions): Promise<IntakeService> {
  const { directory, file: databaseFile } = database;
  const { clock, readBy } = options;
  const runner =
    options.threads === 'workers'
      ? createWorkerRunner(workerEntry('intake-worker', new URL('worker.ts', import.meta.url)), {
          directory,
          databaseFile,
        })
      : createInlineRunner({ directory, databaseFile, judge: createJudge(), formats: formatTools, clock });
  try {
    return await createIntakeService({ database, runner, clock, readBy });
  } catch (error) {
    await runner.dispose();
    throw error;
  }
}
