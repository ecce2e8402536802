import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { tryLockExclusive } from '../../../db/process-lock.ts';
import { makeDataDirectory } from '../../../platform/data-directory.ts';
import { connectDemo } from './connect-demo.ts';
import { LOCK_FILE } from './join-demo.ts';
import { withEngine } from './open-demo.ts';
import {
  readDemoSync,
  readSimulators,
  writeSimulators,
  type ServiceAddress,
  type SimulatorAddress,
} from './simulators-file.ts';

/** A simulator with the calls it allows; null is no limit. */
export interface ServedSimulator extends SimulatorAddress {
  readonly limits: {
    readonly perMinute: number | null;
    readonly perDay: number | null;
    readonly perMonth: number | null;
  };
}

/** A data directory that nobody else's simulators answer for until it is let go. */
export interface ClaimedDemo {
  /**
   * Makes these its simulators, for whoever asks on it. Sources that are new to it get the simulators' limits; of others
   * only the address changes.
   */
  serve(simulators: readonly ServedSimulator[], services: readonly ServiceAddress[]): Promise<void>;
  release(): void;
}

/**
 * Claims a directory for simulators of this process; a new one is made and stamped. CONFLICT when another process's
 * simulators answer for it, SIMULATED_MIX when it holds data of its own.
 */
export async function claimDemo(directory: string): Promise<ClaimedDemo> {
  makeDataDirectory(directory);
  // Stamped before anything is connected to it.
  await withEngine(directory, () => Promise.resolve());
  const lock = tryLockExclusive(join(directory, LOCK_FILE));
  if (lock === null) {
    throw new AppError(
      'CONFLICT',
      `Another process runs the simulators of ${directory}. Close it, then start these again.`,
    );
  }
  return { serve: (simulators, services) => serve(directory, simulators, services), release: () => lock.release() };
}

async function serve(
  directory: string,
  simulators: readonly ServedSimulator[],
  services: readonly ServiceAddress[],
): Promise<void> {
  const connected = (readSimulators(directory) ?? []).map(({ source }) => source);
  const jobId = await withEngine(directory, async (engine) => {
    const job = await connectDemo(engine, { simulators, connected, services, sync: readDemoSync(directory) });
    for (const { source, limits } of simulators.filter((one) => !connected.includes(one.source))) {
      const { perMinute, perDay, perMonth } = limits;
      await engine.sources.set(source, {
        callsPerMinute: perMinute,
        callsPerDay: perDay,
        callsPerMonth: perMonth,
      });
    }
    return job;
  });
  writeSimulators(directory, simulators, { services, jobId });
}
