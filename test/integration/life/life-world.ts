import { createHash } from 'node:crypto';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { LoggedRequest, Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { SIMULATED, SIMULATED_SOURCES, type SimulatedSource } from '#main/simulators/start.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';
import type { VirtualTime } from './virtual-time.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export type SimulatedSources = Readonly<Partial<Record<SimulatedSource, Simulator>>>;

/** Simulators that follow a clock of the test's own and put down what they said. */
export async function startSimulators(
  sources: readonly SimulatedSource[],
  clock: { now(): number },
  options: Partial<Pick<SimulatorOptions, 'seed' | 'faultShare' | 'onRequest'>> & {
    readonly limits?: Readonly<Partial<Record<SimulatedSource, SimulatorOptions['limits']>>>;
  } = {},
): Promise<SimulatedSources> {
  const started: Partial<Record<SimulatedSource, Simulator>> = {};
  for (const source of sources) {
    started[source] = await SIMULATED[source].create({
      port: 0,
      key: SIMULATED[source].key,
      limits: options.limits?.[source] ?? { perMinute: null, perDay: null, perMonth: null },
      latencyMs: { least: 0, most: 0 },
      faultShare: options.faultShare ?? 0,
      seed: options.seed ?? 1,
      now: () => clock.now(),
      minuteMs: MINUTE,
      tls: null,
      tellsSaid: true,
      ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    });
  }
  return started;
}

export async function closeSimulators(simulators: SimulatedSources): Promise<void> {
  await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
}

/** The engine of a stamped directory whose time is the test's own. */
export function openAt(
  directory: string,
  time: VirtualTime,
  faults: { push(fault: unknown): number },
): Promise<Engine> {
  return createEngine({
    directory,
    threads: 'inline',
    shell: 'terminal',
    clock: time,
    simulated: true,
    secrets: memorySecrets(Object.fromEntries(SIMULATED_SOURCES.map((source) => [source, SIMULATED[source].key]))),
    asking: { timer: time },
    onFault: (what, error) => void faults.push([what, error]),
  });
}

/** Points the sources at their simulators and switches them on. */
export async function connect(
  engine: Pick<Engine, 'sources'>,
  simulators: SimulatedSources,
  changes: Readonly<Partial<Record<SimulatedSource, SourceConfigChange>>> = {},
): Promise<void> {
  for (const [source, simulator] of Object.entries(simulators) as [SimulatedSource, Simulator][]) {
    await engine.sources.set(source, {
      plan: 'paid',
      enabled: true,
      url: simulator.url,
      proxy: { kind: 'none' },
      ...changes[source],
    });
  }
}

/** The n-th SHA-256 of a run. */
export function lifeDigest(n: number, seed = 1): HexDigest {
  return createHash('sha256').update(`life ${seed} ${n}`).digest('hex') as HexDigest;
}

export const lifeDigests = (from: number, count: number, seed = 1): HexDigest[] =>
  Array.from({ length: count }, (_, n) => lifeDigest(from + n, seed));

/** Reads a list and asks every source about all of it, as a person would. Resolves with the intake's number when queued. */
export async function scanList(engine: Engine, hashes: readonly HexDigest[], name = 'list.txt'): Promise<number> {
  const signal = new AbortController().signal;
  const { intakeId, finished } = await engine.intakes.start(
    {
      door: 'terminal',
      inputs: [{ kind: 'text', name, text: `${hashes.join('\n')}\n` }],
      reading: { as: 'list' },
    },
    () => undefined,
    signal,
  );
  await finished;
  await engine.scanning.settled();
  const selection = {
    kind: 'query',
    query: { statuses: [], flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
  } as const;
  await engine.scanning.start(
    {
      intakeId,
      selection: { ...selection, query: { ...selection.query, statuses: [], flags: [] } },
      strategy: 'certain',
    },
    () => undefined,
    signal,
  );
  return intakeId;
}

/** Turns of the event loop without anything to do after which nothing more is on its way. */
const QUIET_TURNS = 6;

/** Real work (HTTP, SQLite) that time waits for. */
export async function settle(engine: Pick<Engine, 'outbound'>): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS;) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    quiet = engine.outbound.isWorking() ? 0 : quiet + 1;
  }
}

/**
 * Lets virtual time pass until a moment, from timer to timer while something is asked, and in steps of at least
 * `idleStep` while nothing is: timers then fire late, as on a busy machine.
 */
export async function live(
  engine: Pick<Engine, 'outbound'>,
  time: VirtualTime,
  until: number,
  options: {
    readonly idleStep?: number;
    readonly log?: () => number;
    readonly beforeJump?: (to: number) => Promise<void>;
  } = {},
): Promise<void> {
  const idleStep = options.idleStep ?? HOUR;
  let seen = options.log?.() ?? 0;
  let idle = 0;
  while (time.now() < until) {
    await settle(engine);
    const now = options.log?.() ?? 0;
    idle = now === seen ? idle + 1 : 0;
    seen = now;
    const left = until - time.now();
    const next = time.untilNext() ?? idleStep;
    // After a while without a request the next heartbeat tells nothing new.
    const step = Math.min(left, idle > 8 ? Math.max(next, idleStep) : Math.max(next, 1));
    await options.beforeJump?.(time.now() + step);
    time.pass(step);
  }
  await settle(engine);
}

/** Requests of all simulators so far. */
export function requestCount(simulators: SimulatedSources): number {
  return Object.values(simulators).reduce((sum, simulator) => sum + simulator.log.length, 0);
}

export type SourceLog = readonly LoggedRequest[];
