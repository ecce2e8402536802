import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { IntakeSummary, Reading } from '#shared/contract/intake.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createIntakeService } from '#main/services/intake/intake-service.ts';
import type { IntakeInput, IntakeProgress, IntakeService } from '#main/services/intake/port.ts';
import { formatTools } from '#main/services/intake/reading/format-tools.ts';
import { createInlineRunner } from '#main/services/intake/run/inline-runner.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { EVERY_ROW } from '../../every-row.ts';

export const EVERYTHING = { kind: 'query', query: EVERY_ROW } as const;

/** A folder of its own for the running test, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-intake-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A test's own clock, in milliseconds. */
export interface TestClock {
  now(): number;
  at: number;
}

export interface Bench {
  readonly directory: string;
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly clock: TestClock;
  /** Reads and waits until the intake is judged. */
  read(inputs: readonly (IntakeInput | string)[], reading?: Partial<Reading>): Promise<IntakeSummary>;
  readonly progress: IntakeProgress[];
}

/** The real service on a real database, everything on this thread. Strings are texts to read. */
export async function openBench(directory: string = temporaryFolder(), clock = testClock()): Promise<Bench> {
  const database = await openInlineDatabase(directory);
  const runner = createInlineRunner({
    directory,
    databaseFile: database.file,
    judge: createJudge(),
    formats: formatTools,
    clock,
    isLooking: true,
  });
  const intakes = await createIntakeService({ database, runner, clock, readBy: 'assay test' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
  });
  const progress: IntakeProgress[] = [];
  return {
    directory,
    database,
    intakes,
    clock,
    progress,
    async read(inputs, reading = {}) {
      const { finished } = await intakes.start(
        {
          door: 'terminal',
          inputs: inputs.map((input) =>
            typeof input === 'string' ? { kind: 'text', name: 'pasted', text: input } : input,
          ),
          reading: { as: 'auto', ...reading },
        },
        (each) => progress.push(each),
        new AbortController().signal,
      );
      return finished;
    },
  };
}

export function testClock(): TestClock {
  const clock = { at: 1_790_000_000_000, now: () => clock.at };
  return clock;
}
