import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { syncSecretName } from '#shared/settings/sync-job.ts';
import { tryLockExclusive } from '../../../db/process-lock.ts';
import { secretVariable } from '../../../platform/secrets/environment.ts';
import { startSimulatorsChild } from './simulators-child.ts';
import {
  readDemoSync,
  readSimulators,
  writeSimulators,
  type DemoSync,
  type ServiceAddress,
  type SimulatorAddress,
} from './simulators-file.ts';

/** What a process that asks simulated sources needs while it runs. */
export interface Demo {
  readonly simulators: readonly SimulatorAddress[];
  /** Null where another process's simulators are of a version without them. */
  readonly sync: DemoSync | null;
  /** Ends the simulators when they are this process's; those of another one go on. */
  leave(): Promise<void>;
}

/** Simulators that this process started and has to connect to the directory's sources. */
export interface OwnSimulators {
  readonly simulators: readonly SimulatorAddress[];
  /** Sources this directory was connected with before; any other is to be set up whole. */
  readonly connected: readonly SourceId[];
  readonly services: readonly ServiceAddress[];
  /** What the directory had of threat sync before; null for nothing: a job is to be made. */
  readonly sync: DemoSync | null;
}

/** Points a directory at simulators; resolves with the job of threat sync that is theirs, or null for none. */
export type ConnectDemo = (own: OwnSimulators) => Promise<number | null>;

/** Held by the process whose simulators answer for the directory. Opened in no other way: that would free the lock. */
export const LOCK_FILE = 'simulators.lock';
/** Another process may have taken the lock a moment ago and be about to write down its addresses. */
const WAIT_MS = 15_000;
const LOOK_MS = 100;
/** How often a process that uses another's simulators looks whether they are still there. */
const TAKEOVER_MS = 1_000;

/**
 * Finds the simulators of a data directory, or starts them: one set per directory, whichever process came first. When that
 * one ends, another that uses them starts its own. `connect` points the sources at simulators of this process; it is
 * awaited, and called again at a take-over. The directory must exist.
 */
export async function joinDemo(directory: string, root: string, connect: ConnectDemo): Promise<Demo> {
  const own = await tryStart(directory, root, connect);
  return own ?? follow(directory, root, connect);
}

/** Null while another process's simulators answer for the directory. */
async function tryStart(directory: string, root: string, connect: ConnectDemo): Promise<Demo | null> {
  const [before, syncBefore] = [readSimulators(directory), readDemoSync(directory)];
  const lock = tryLockExclusive(join(directory, LOCK_FILE));
  if (lock === null) {
    return null;
  }
  let child: Awaited<ReturnType<typeof startSimulatorsChild>> | null = null;
  const leave = async (): Promise<void> => {
    await child?.stop();
    lock.release();
  };
  try {
    child = await startSimulatorsChild(root, directory);
    const { simulators, services } = child;
    const connected = (before ?? []).map(({ source }) => source);
    const jobId = await connect({ simulators, connected, services, sync: syncBefore });
    const sync: DemoSync = { services, jobId };
    writeSimulators(directory, simulators, sync);
    return { simulators, sync, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}

/** Uses another process's simulators until it ends, then those of this one. */
async function follow(directory: string, root: string, connect: ConnectDemo): Promise<Demo> {
  const simulators = await others(directory);
  const ended = new AbortController();
  const takeOver = async (): Promise<Demo | null> => {
    while (!ended.signal.aborted) {
      // What cannot be started now is tried again: whoever asks meanwhile is told that nobody answers.
      const own = await tryStart(directory, root, connect).catch(() => null);
      if (own !== null) {
        return own;
      }
      await delay(TAKEOVER_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    return null;
  };
  const taken = takeOver();
  return {
    simulators,
    sync: readDemoSync(directory),
    async leave() {
      ended.abort();
      await (await taken)?.leave();
    },
  };
}

/**
 * The variables by which a program finds these keys; they go before keys that are stored. Of threat sync: those of its job,
 * which is the first of a directory when it is not known yet.
 */
export function keyVariables(
  simulators: readonly SimulatorAddress[],
  sync: DemoSync | null = null,
): Record<string, string> {
  const jobId = sync?.jobId ?? 1;
  return Object.fromEntries([
    ...simulators.map(({ source, key }) => [secretVariable(source), key]),
    ...(sync?.services ?? []).map(({ service, credentials }) => [
      secretVariable(syncSecretName(jobId, service)),
      credentials[service === 'threatconnect' ? 'secretKey' : 'password'] ?? '',
    ]),
  ]) as Record<string, string>;
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
