import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { tryLockExclusive } from '../../../db/process-lock.ts';
import { makeDataDirectory } from '../../../platform/data-directory.ts';
import { connectDemo } from './connect-demo.ts';
import { LOCK_FILE } from './join-demo.ts';
import { withEngine } from './open-demo.ts';
import { readSimulators, writeSimulators, type SimulatorAddress } from './simulators-file.ts';

/** A simulator with the calls it allows; null is no limit. */
export interface ServedSimulator extends SimulatorAddress {
  readonly limits: {
    readonly perMinute: number | null;
    readonly perDay: number | null;
    readonly perMonth: number | null;
  };
}

/**
 * Makes simulators of this process those of a data directory, for whoever asks on it, until what is returned is called.
 * A new directory is stamped, and sources that are new to it get the simulators' limits; of others only the address
 * changes. CONFLICT when another process's simulators answer for it, SIMULATED_MIX when it holds data of its own.
 */
export async function serveDemo(directory: string, simulators: readonly ServedSimulator[]): Promise<() => void> {
  makeDataDirectory(directory);
  // Stamped before anything is connected to it.
  await withEngine(directory, async () => undefined);
  const lock = tryLockExclusive(join(directory, LOCK_FILE));
  if (lock === null) {
    throw new AppError(
      'CONFLICT',
      `Another process runs the simulators of ${directory}. Close it, then start these again.`,
    );
  }
  try {
    const connected = (readSimulators(directory) ?? []).map(({ source }) => source);
    await withEngine(directory, async (engine) => {
      await connectDemo(engine, { simulators, connected });
      for (const { source, limits } of simulators.filter((one) => !connected.includes(one.source))) {
        const { perMinute, perDay, perMonth } = limits;
        await engine.sources.set(source, {
          callsPerMinute: perMinute,
          callsPerDay: perDay,
          callsPerMonth: perMonth,
        });
      }
    });
    writeSimulators(directory, simulators);
    return () => lock.release();
  } catch (error) {
    lock.release();
    throw error;
  }
}
