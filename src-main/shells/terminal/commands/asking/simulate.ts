import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../../../platform/worker-entry.ts';
import type * as Simulators from '../../../../simulators/main.ts';
import type { ClaimedDemo } from '../../../launch/demo/serve-demo.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Session } from '../../session.ts';
import type { SimulatedLimits } from './simulate-options.ts';
import { createMinute, opening, type Minute } from './simulate-output.ts';

/** A source that runs. */
export type RunningSimulator = Awaited<ReturnType<typeof Simulators.startSimulators>>['simulators'][number];
/** A service of threat sync that runs. */
export type RunningService = Awaited<ReturnType<typeof Simulators.startServices>>['services'][number];
type LoggedRequest = Parameters<Parameters<typeof Simulators.startSimulators>[0]['onRequest']>[1];
/** A source, or a service of threat sync. */
export type Asked = RunningSimulator['source'] | RunningService['service'];

/** What runs, in the order of its lines. */
export interface Running {
  readonly simulators: readonly RunningSimulator[];
  readonly services: readonly RunningService[];
}

export interface SimulateOptions {
  /** 0 takes a free one. */
  readonly ports: Readonly<Partial<Record<SourceId, number>>>;
  readonly servicePorts: Readonly<Partial<Record<RunningService['service'], number>>>;
  /** That ThreatConnect has. */
  readonly indicators: number;
  readonly seed: number;
  readonly latency: { readonly least: number; readonly most: number };
  readonly faults: number;
  readonly limits: Readonly<Partial<Record<SourceId, SimulatedLimits>>>;
  readonly log?: string;
  /** The data directory whose sources they are to be. */
  readonly for?: string;
  /** The folder in which services of threat sync keep what lasts; of a data directory it is its own. */
  readonly keep?: string;
  readonly format: 'table' | 'jsonl';
  readonly attached?: boolean;
}

const MINUTE_MS = 60_000;

/** Runs the simulators until a request to stop; `attached` also until standard input ends. That is how it is meant: 0. */
export async function simulate(session: Session, options: SimulateOptions): Promise<number> {
  const directory = options.for === undefined ? null : resolve(session.host.folder, options.for);
  const claim = directory === null ? null : await claimDirectory(directory);
  try {
    return await simulateClaimed(session, options, directory, claim);
  } finally {
    claim?.release();
  }
}

async function simulateClaimed(
  session: Session,
  options: SimulateOptions,
  directory: string | null,
  claim: ClaimedDemo | null,
): Promise<number> {
  const log = options.log === undefined ? null : await openLog(session, resolve(session.host.folder, options.log));
  const minute = createMinute();
  const told = (asked: Asked, named: object, request: LoggedRequest): void => {
    minute.add(asked, request);
    log?.write(`${JSON.stringify({ ...named, ...request })}\n`);
  };
  try {
    const running = await start(session, options, directory, told);
    try {
      if (claim !== null && directory !== null) {
        await claim.serve(running.simulators, running.services);
        session.note(`They answer for ${directory}: any command or window asks them with --data ${directory}.`);
      }
      await session.out.write(opening(running, options.format));
      session.note('Ctrl-C ends them. The keys open nothing but these simulators.');
      await sayMinutes(session, options, running, minute);
    } finally {
      await running.close();
    }
  } finally {
    await log?.close();
  }
  return EXIT.done;
}

/** All of them, or none. */
async function start(
  { host }: Session,
  options: SimulateOptions,
  directory: string | null,
  told: (asked: Asked, named: object, request: LoggedRequest) => void,
): Promise<Running & { close(): Promise<void> }> {
  const { startSimulators, startServices } = await loadSimulators();
  const common = {
    latencyMs: options.latency,
    faultShare: options.faults,
    seed: options.seed,
    now: () => host.now(),
  };
  try {
    const sources = await startSimulators({
      ...common,
      ports: options.ports,
      limits: options.limits,
      onRequest: (source, request) => told(source, { source }, request),
    });
    const services = await startServices({
      ...common,
      ports: options.servicePorts,
      indicators: options.indicators,
      folder: directory ?? (options.keep === undefined ? null : resolve(host.folder, options.keep)),
      onRequest: (service, request) => told(service, { service }, request),
    }).catch(async (error: unknown) => {
      await sources.close();
      throw error;
    });
    return {
      simulators: sources.simulators,
      services: services.services,
      close: async () => void (await Promise.all([sources.close(), services.close()])),
    };
  } catch (error) {
    throw startFault(error);
  }
}

async function claimDirectory(directory: string): Promise<ClaimedDemo> {
  const { claimDemo } = await import('../../../launch/demo/serve-demo.ts');
  return claimDemo(directory);
}

/** Loaded by name while running, from a bundle of its own: nothing else of the program can reach it. */
async function loadSimulators(): Promise<typeof Simulators> {
  const entry = workerEntry('simulators', new URL('../../../../simulators/main.ts', import.meta.url));
  return (await import(/* @vite-ignore */ entry.href)) as typeof Simulators;
}

/** One line per minute in which something was asked, and one for the rest at the end. */
async function sayMinutes(session: Session, options: SimulateOptions, running: Running, minute: Minute): Promise<void> {
  const { host, out } = session;
  const say = async (): Promise<void> => {
    const line = minute.take(running, host.now(), options.format);
    await (line === null ? undefined : out.write(line));
  };
  let timer: NodeJS.Timeout | undefined;
  // Where nobody reads the lines any more, nobody needs the simulators.
  const unread = new Promise<never>((_, reject) => {
    timer = setInterval(() => void say().catch(reject), MINUTE_MS);
  });
  try {
    await Promise.race([stopped(session, options.attached === true), unread]);
  } finally {
    clearInterval(timer);
  }
  await say();
}

function stopped({ signal, host }: Session, attached: boolean): Promise<void> {
  return new Promise((done) => {
    signal.addEventListener('abort', () => done(), { once: true });
    if (signal.aborted) {
      done();
    }
    if (attached) {
      host.stdin
        .on('end', () => done())
        .on('error', () => done())
        .resume();
    }
  });
}

interface RequestLog {
  write(line: string): void;
  /** Resolves when every line is in the file, or cannot get there. */
  close(): Promise<void>;
}

async function openLog(session: Session, path: string): Promise<RequestLog> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new AppError('NOT_WRITABLE', `${path} cannot be written: ${codeOf(error)}. Name another file.`, {
      cause: error,
    });
  }
  // A disk that fills up must not end the simulators.
  stream.on('error', (error) => session.warn(`${path} cannot be written any more: ${codeOf(error)}. The log ends.`));
  return {
    write: (line) => {
      if (stream.writable) {
        stream.write(line);
      }
    },
    close: () => new Promise((resolve) => void (stream.closed ? resolve() : stream.once('close', resolve).end())),
  };
}

function startFault(error: unknown): unknown {
  const port = error instanceof Error && 'port' in error ? ` ${String(error.port)}` : '';
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens on it',
    EACCES: 'this account may not listen on it',
  };
  const reason = why[codeOf(error)];
  return reason === undefined
    ? error
    : new AppError('CONFLICT', `The port${port} cannot be used: ${reason}. Name another one, or 0 for a free one.`, {
        cause: error,
      });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
