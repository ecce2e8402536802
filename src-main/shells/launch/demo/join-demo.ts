import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { tryLockExclusive } from '../../../db/process-lock.ts';
import { secretVariable } from '../../../platform/secrets/environment.ts';
import { startSimulatorsChild } from './simulators-child.ts';
import { readSimulators, writeSimulators, type SimulatorAddress } from './simulators-file.ts';

/** What a process that asks simulated sources needs while it runs. */
export interface Demo {
  readonly simulators: readonly SimulatorAddress[];
  /** This process runs them. */
  readonly isOurs: boolean;
  /** This directory was never connected before: its sources are to be set up whole. */
  readonly isNew: boolean;
  /** Writes down that the sources are set up, for whoever comes next. */
  connected(): void;
  /** Ends the simulators when they are this process's; those of another one go on. */
  leave(): Promise<void>;
}

/** Held by the process whose simulators answer for the directory. Opened in no other way: that would free the lock. */
const LOCK_FILE = 'simulators.lock';
/** Another process may have taken the lock a moment ago and be about to write down its addresses. */
const WAIT_MS = 15_000;
const LOOK_MS = 100;

/**
 * Finds the simulators of a data directory, or starts them: one set per directory, whichever process came first. Its
 * directory must exist.
 */
export async function joinDemo(directory: string, root: string): Promise<Demo> {
  const before = readSimulators(directory);
  const lock = tryLockExclusive(join(directory, LOCK_FILE));
  if (lock === null) {
    return {
      simulators: await others(directory),
      isOurs: false,
      isNew: false,
      connected: () => undefined,
      leave: async () => undefined,
    };
  }
  try {
    const child = await startSimulatorsChild(root);
    return {
      simulators: child.simulators,
      isOurs: true,
      isNew: before === null,
      connected: () => writeSimulators(directory, child.simulators),
      async leave() {
        await child.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The variables by which a program finds these keys; they go before keys that are stored. */
export function keyVariables(simulators: readonly SimulatorAddress[]): Record<string, string> {
  return Object.fromEntries(simulators.map(({ source, key }) => [secretVariable(source), key]));
}

/** What the process that holds the lock wrote down; an earlier one's will do, as the keys are the same. */
async function others(directory: string): Promise<readonly SimulatorAddress[]> {
  for (let waited = 0; waited < WAIT_MS; waited += LOOK_MS) {
    const info = readSimulators(directory);
    if (info !== null) {
      return info;
    }
    await delay(LOOK_MS);
  }
  throw new AppError(
    'CONFLICT',
    `Another process runs the simulated sources of ${directory} and does not say where. Close it, then try again.`,
  );
}
