import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { workerEntry } from '../../../platform/worker-entry.ts';
import type * as Simulators from '../../../simulators/main.ts';
import { EXIT } from '../exit-codes.ts';
import { count, counted } from '../output/numbers.ts';
import type { Session } from '../session.ts';
import type { SimulatedLimits } from './simulate-options.ts';

type RunningSimulator = Awaited<ReturnType<typeof Simulators.startSimulators>>['simulators'][number];
type Source = RunningSimulator['source'];

export interface SimulateOptions {
  /** 0 takes a free one. */
  readonly ports: Readonly<Partial<Record<SourceId, number>>>;
  readonly seed: number;
  readonly latency: { readonly least: number; readonly most: number };
  readonly faults: number;
  readonly limits: Readonly<Partial<Record<SourceId, SimulatedLimits>>>;
  readonly log?: string;
  /** The data directory whose sources they are to be. */
  readonly for?: string;
  readonly format: 'table' | 'jsonl';
  readonly attached?: boolean;
}

const MINUTE_MS = 60_000;

/** Runs the simulators until a request to stop; `attached` also until standard input ends. That is how it is meant: 0. */
export async function simulate(session: Session, options: SimulateOptions): Promise<number> {
  const { startSimulators } = await loadSimulators();
  const log = options.log === undefined ? null : await openLog(session, resolve(session.host.folder, options.log));
  const minute = createMinute();
  const running = await startSimulators({
    ports: options.ports,
    limits: options.limits,
    latencyMs: options.latency,
    faultShare: options.faults,
    seed: options.seed,
    now: () => session.host.now(),
    onRequest: (source, request) => {
      minute.add(source, request);
      log?.write(`${JSON.stringify({ source, ...request })}\n`);
    },
  }).catch((error: unknown) => {
    throw startFault(error);
  });
  let leave: (() => void) | null = null;
  try {
    leave = options.for === undefined ? null : await serve(session, options.for, running.simulators);
    await session.out.write(opening(running.simulators, options.format));
    session.note('Ctrl-C ends them. The keys open nothing but these simulators.');
    await sayMinutes(session, options, running.simulators, minute);
  } finally {
    await running.close();
    leave?.();
    await log?.close();
  }
  return EXIT.done;
}

/** Loaded by name while running, from a bundle of its own: nothing else of the program can reach it. */
async function loadSimulators(): Promise<typeof Simulators> {
  const entry = workerEntry('simulators', new URL('../../../simulators/main.ts', import.meta.url));
  return (await import(/* @vite-ignore */ entry.href)) as typeof Simulators;
}

async function serve(session: Session, named: string, simulators: readonly RunningSimulator[]): Promise<() => void> {
  const { serveDemo } = await import('../../launch/demo/serve-demo.ts');
  const directory = resolve(session.host.folder, named);
  const leave = await serveDemo(directory, simulators);
  session.note(`They answer for ${directory}: any command or window asks them with --data ${directory}.`);
  return leave;
}

function opening(simulators: readonly RunningSimulator[], format: SimulateOptions['format']): string {
  if (format === 'jsonl') {
    return `${JSON.stringify({ simulators })}\n`;
  }
  const width = Math.max(...simulators.map(({ url }) => url.length));
  const labelWidth = Math.max(...simulators.map(({ label }) => label.length));
  const shown = (limit: number | null): string => (limit === null ? '-' : count(limit));
  return simulators
    .map(({ label, url, key, options, limits }) => {
      const { perMinute, perDay, perMonth } = limits;
      const told = Object.entries(options).map(([name, value]) => `  ${name} ${value}`);
      return `${label.padEnd(labelWidth)} ${url.padEnd(width)}  key ${key}${told.join('')}  calls ${shown(perMinute)} / min, ${shown(perDay)} / day, ${shown(perMonth)} / month\n`;
    })
    .join('');
}

/** One line per minute in which something was asked, and one for the rest at the end. */
async function sayMinutes(
  session: Session,
  options: SimulateOptions,
  simulators: readonly RunningSimulator[],
  minute: Minute,
): Promise<void> {
  const { host, out } = session;
  const say = async (): Promise<void> => {
    const line = minute.take(simulators, host.now(), options.format);
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

interface Tally {
  requests: number;
  hashes: number;
  billed: number;
  refused: number;
}

interface Minute {
  add(source: Source, request: { readonly hashes: readonly string[]; status: number; billed: number }): void;
  /** The line since the last one; null when nothing was asked. */
  take(simulators: readonly RunningSimulator[], now: number, format: SimulateOptions['format']): string | null;
}

function createMinute(): Minute {
  let tallies = new Map<Source, Tally>();
  return {
    add(source, { hashes, status, billed }) {
      const tally = tallies.get(source) ?? { requests: 0, hashes: 0, billed: 0, refused: 0 };
      tally.requests += 1;
      tally.hashes += hashes.length;
      tally.billed += billed;
      tally.refused += status === 429 || status === 419 ? 1 : 0;
      tallies.set(source, tally);
    },
    take(simulators, now, format) {
      const taken = tallies;
      tallies = new Map();
      if (taken.size === 0) {
        return null;
      }
      const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
      if (format === 'jsonl') {
        return `${JSON.stringify({ at, asked: Object.fromEntries(taken) })}\n`;
      }
      const parts = simulators.flatMap(({ source, label }) => {
        const tally = taken.get(source);
        return tally === undefined ? [] : [`${label}: ${described(tally)}`];
      });
      return `${at.slice(11, 19)}  ${parts.join('; ')}\n`;
    },
  };
}

function described({ requests, hashes, billed, refused }: Tally): string {
  const over = refused === 0 ? '' : `, ${count(refused)} over a limit`;
  return `${counted(requests, 'request')}, ${counted(hashes, 'hash', 'hashes')}, ${counted(billed, 'call')}${over}`;
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
