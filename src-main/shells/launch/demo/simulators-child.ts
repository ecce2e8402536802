import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { childEnvironment } from '../../../platform/child-environment.ts';
import { DEMO_LIMITS } from './demo-limits.ts';
import { simulatorsIn, syncIn, type ServiceAddress, type SimulatorAddress } from './simulators-file.ts';

const ARGUMENTS = [
  ...'--format jsonl --attached --quiet --latency 50-300'.split(' '),
  ...Object.entries(DEMO_LIMITS).flatMap(([source, { callsPerMinute, callsPerDay, callsPerMonth }]) => [
    '--limits',
    `${source}=${[callsPerMinute, callsPerDay, callsPerMonth].map((limit) => limit ?? '-').join('/')}`,
  ]),
];
const START_MS = 30_000;
const STOP_MS = 5_000;

/**
 * Starts `assay simulate` as a child that ends with this process, however that ends: its standard input is a pipe of ours.
 * Resolves when the simulators answer. What has to last is kept in `directory`, for which no other may run. The child
 * inherits no key.
 */
export async function startSimulatorsChild(
  root: string,
  directory: string,
): Promise<{
  readonly simulators: readonly SimulatorAddress[];
  readonly services: readonly ServiceAddress[];
  stop(): Promise<void>;
}> {
  const script = join(root, 'src-main', 'shells', 'terminal', 'assay.mjs');
  const { ELECTRON_RUN_AS_NODE: asNode } = process.env;
  const child = spawn(process.execPath, [script, 'simulate', ...ARGUMENTS, '--keep', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C reaches a whole group of processes: whoever still asks then must not find nobody.
    detached: process.platform !== 'win32',
    windowsHide: true,
    env: { ...childEnvironment(process.env), ...(asNode === undefined ? {} : { ELECTRON_RUN_AS_NODE: asNode }) },
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const killing = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(killing);
  };
  try {
    const opening = await firstLine(child, child.stdout, ended);
    const [simulators, sync] = [simulatorsIn(opening), syncIn(opening)];
    if (simulators === null || sync === null) {
      throw new AppError('UNREADABLE', 'The simulated sources did not say where they are.');
    }
    // What it says every minute is of no use here, and must not fill the pipe.
    child.stdout.resume();
    // A child that ended by itself has closed the pipe.
    child.stdin.on('error', () => undefined);
    return { simulators, services: sync.services, stop };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function firstLine(child: ChildProcess, output: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  const lines = createInterface({ input: output });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      new Promise<string>((resolve) => lines.once('line', resolve)),
      ended.then(() => {
        throw new AppError('UNREADABLE', `The simulated sources did not start (code ${String(child.exitCode)}).`);
      }),
      new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new AppError('UNREADABLE', 'The simulated sources did not start within 30 seconds.')),
          START_MS,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    lines.close();
  }
}
