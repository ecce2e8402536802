import { PassThrough, Readable } from 'node:stream';
import type { Counts, VerdictView } from '#shared/contract/common.ts';
import type { Accounting, InputFileView, IntakeSummary } from '#shared/contract/intake.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { ExportRow } from '#main/services/intake/port.ts';
import type { Host, StopSignal } from '#main/shells/terminal/host.ts';
import { main } from '#main/shells/terminal/main.ts';

/** 2026-11-22T04:00:00Z. */
export const NOW = 1_795_320_000;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface StageOptions {
  readonly engine?: EngineDouble;
  readonly stdin?: string | null;
  /** Instead of `stdin`: a stream that may never end. */
  readonly stdinStream?: Readable;
  readonly env?: Readonly<Record<string, string>>;
  /** Columns of a terminal on standard output; absent = a pipe. */
  readonly columns?: number;
  /** Standard error is a terminal. */
  readonly errTerminal?: boolean;
  readonly onHost?: (stop: (signal: StopSignal) => void) => void;
  readonly onAbandon?: (code: number) => void;
  /** Milliseconds since the epoch; NOW by default. */
  readonly now?: () => number;
  readonly openEngine?: (directory: string | null) => Promise<Engine>;
}

type EngineDouble = Partial<Record<keyof Engine, unknown>>;

/** Runs a command line against a double of the engine; what it wrote comes back as text. */
export async function run(argv: readonly string[], options: StageOptions = {}): Promise<Ran> {
  const stdout = Object.assign(new PassThrough(), stream(options.columns));
  const stderr = Object.assign(new PassThrough(), stream(options.errTerminal === true ? 200 : undefined));
  const out = collect(stdout);
  const err = collect(stderr);
  const typed = options.stdin ?? null;
  const listeners = new Set<(signal: StopSignal) => void>();
  const engine = engineDouble(options.engine ?? {});
  const host: Host = {
    stdin: Object.assign(options.stdinStream ?? Readable.from(typed === null ? [] : [Buffer.from(typed)]), {
      isTTY: typed === null,
    }),
    stdout,
    stderr,
    env: options.env ?? {},
    folder: '/work',
    now: options.now ?? (() => NOW * 1000),
    openEngine: options.openEngine ?? (async () => engine),
    onStop: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    abandon: (code) => options.onAbandon?.(code),
  };
  options.onHost?.((signal) => {
    for (const listener of listeners) {
      listener(signal);
    }
  });
  const code = await main(argv, host);
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}

/** An engine of which only the named parts exist: touching another one fails the test. */
export function engineDouble(parts: EngineDouble): Engine {
  return new Proxy(
    { directory: '/data', startNotice: null, simulated: false, dispose: async () => undefined, ...parts },
    {
      get(target, name) {
        // A promise resolving to the double asks whether it is one itself.
        if (name === 'then') {
          return undefined;
        }
        if (!(String(name) in target)) {
          throw new Error(`the command touched engine.${String(name)}`);
        }
        return Reflect.get(target, name) as unknown;
      },
    },
  ) as unknown as Engine;
}

export const noCounts: Counts = {
  malicious: 0,
  suspicious: 0,
  'non-malicious': 0,
  pending: 0,
  unknown: 0,
  conflict: 0,
  stale: 0,
};

export function accounting(change: Partial<Accounting> = {}): Accounting {
  return {
    records: 3,
    hashes: 3,
    duplicates: 0,
    withoutHash: 0,
    rejected: 0,
    otherLines: 0,
    notDigests: {},
    balanced: true,
    ...change,
  };
}

export function summary(change: Partial<IntakeSummary> = {}): IntakeSummary {
  return {
    id: 7,
    title: 'list.txt',
    state: 'ready',
    door: 'terminal',
    createdAt: NOW - 60,
    elapsedMs: 420,
    bytes: 195,
    sha256: 'a'.repeat(64),
    readBy: '0.1.0',
    files: 1,
    accounting: accounting(),
    counts: { ...noCounts, malicious: 1, unknown: 2 },
    columns: [],
    embargo: false,
    note: '',
    fault: null,
    judgedSeq: 1,
    problems: [],
    judgedAt: NOW,
    ...change,
  };
}

export function input(change: Partial<InputFileView> = {}): InputFileView {
  return {
    name: 'list.txt',
    bytes: 195,
    sha256: 'a'.repeat(64),
    format: 'list',
    formatLabel: 'One hash per line',
    why: '3 of 3 lines begin with a hash',
    encoding: 'UTF-8',
    digestColumns: [],
    alternatives: [],
    records: 3,
    fault: null,
    ...change,
  };
}

export function row(entry: number, change: Partial<ExportRow> = {}, verdict: Partial<VerdictView> = {}): ExportRow {
  const hash = entry.toString(16).padStart(2, '0').repeat(32);
  return {
    entry,
    hash,
    kind: 'sha256',
    verdict: {
      status: 'unknown',
      rule: 'never-asked',
      source: null,
      agreeing: 0,
      answeredAt: null,
      flags: [],
      ...verdict,
    },
    file: 'list.txt',
    line: entry + 1,
    occurrences: 1,
    carried: [],
    digests: { sha256: hash },
    where: [{ file: 'list.txt', line: entry + 1 }],
    ...change,
  };
}

/** Intakes that hold one intake of these rows. */
export function intakesWith(rows: readonly ExportRow[], intake: IntakeSummary = summary(), inputs = [input()]) {
  const calls: [string, unknown][] = [];
  return {
    calls,
    start: async (request: unknown) => {
      calls.push(['start', request]);
      return { intakeId: intake.id, finished: Promise.resolve(intake) };
    },
    get: async () => ({ intake, inputs }),
    rows: async (_: number, query: unknown, page: { offset: number; limit: number }) => {
      calls.push(['rows', { query, page }]);
      return { total: rows.length, judgedSeq: 1, orderId: 1, rows: rows.slice(page.offset, page.offset + page.limit) };
    },
    async *batches(_: number, selection: unknown) {
      calls.push(['batches', selection]);
      yield rows.slice(0, 2);
      yield rows.slice(2);
    },
    troubles: async () => ({ total: 0, rows: [] }),
    setEmbargo: async (id: number, embargo: boolean) => void calls.push(['setEmbargo', { id, embargo }]),
    writtenCounts: async () => ({ tags: [], noted: 0 }),
    list: async () => ({ total: 1, rows: [intake] }),
    forget: async (id: number) => void calls.push(['forget', id]),
  };
}

function stream(columns: number | undefined): { readonly isTTY: boolean; readonly columns?: number } {
  return columns === undefined ? { isTTY: false } : { isTTY: true, columns };
}

async function collect(source: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of source) {
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}
