import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { whoIsOwner } from '#main/jobs/owner-lock.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { openAsking, queueNew, setUpDirectory, SIMULATED_KEYS, soakDigest, startSimulated } from './simulated.ts';
import { mostInWindow } from './sliding-window.ts';
import { soakOutcome, type SoakOutcome } from './outcome.ts';

export interface SoakPlan {
  readonly directory: string;
  readonly seed: number;
  readonly minuteMs: number;
  readonly faultShare: number;
  readonly latencyMs: SimulatorOptions['latencyMs'];
  /** Milliseconds between two kills, drawn between the two, and how many there are at most. */
  readonly kills: { readonly least: number; readonly most: number; readonly atMost: number };
  /** Hashes each source is asked about, its calls a minute, and how it is asked. */
  readonly sources: Readonly<
    Partial<
      Record<
        SimulatedSource,
        { readonly hashes: number; readonly perMinute: number; readonly change: SourceConfigChange }
      >
    >
  >;
  /** Gives up after; milliseconds. */
  readonly patienceMs: number;
  readonly say: (line: string) => void;
}

export interface SoakResult {
  readonly seconds: number;
  readonly kills: number;
  /** How long the queue was without an owner after a kill while another process stood by, at most; milliseconds. */
  readonly slowestTakeOver: number;
  readonly outcomes: ReadonlyMap<SimulatedSource, SoakOutcome>;
  /** The most calls in any minute that a simulator saw, beside the limit, and how often it refused. */
  readonly rates: ReadonlyMap<
    SimulatedSource,
    { readonly most: number; readonly limit: number; readonly refused: number }
  >;
}

/** Lets processes ask simulators that fail, kills the owner again and again, and compares what is left. */
export async function soak(plan: SoakPlan): Promise<SoakResult> {
  const simulators = await startAll(plan);
  const children: ChildProcess[] = [];
  try {
    await setUpDirectory(
      plan.directory,
      Object.fromEntries([...simulators].map(([source, { url }]) => [source, { url, change: changeOf(plan, source) }])),
    );
    await queueAll(plan);
    const started = performance.now();
    const { kills, slowestTakeOver } = await runToTheEnd(plan, children);
    const seconds = (performance.now() - started) / 1000;
    await endAll(children);
    return { seconds, kills, slowestTakeOver, ...compared(plan, simulators) };
  } finally {
    for (const child of children) {
      child.kill('SIGKILL');
    }
    await Promise.all([...simulators.values()].map((simulator) => simulator.close()));
  }
}

async function startAll(plan: SoakPlan): Promise<Map<SimulatedSource, Simulator>> {
  const { faultShare, seed, minuteMs, latencyMs } = plan;
  const simulators = new Map<SimulatedSource, Simulator>();
  for (const source of sourcesOf(plan)) {
    const perMinute = plan.sources[source]?.perMinute ?? null;
    const limits = { perMinute, perDay: null, perMonth: null };
    simulators.set(source, await startSimulated(source, { limits, faultShare, seed, minuteMs, latencyMs }));
  }
  return simulators;
}

function changeOf(plan: SoakPlan, source: SimulatedSource): SourceConfigChange {
  const given = plan.sources[source];
  return { callsPerMinute: given?.perMinute ?? null, ...given?.change };
}

async function queueAll(plan: SoakPlan): Promise<void> {
  const engine = await openAsking(plan.directory, plan.minuteMs);
  try {
    for (const source of sourcesOf(plan)) {
      await queueNew(engine, source, digestsOf(plan, source));
    }
  } finally {
    await engine.dispose();
  }
}

/** Two processes seek; whoever is the owner is killed now and then and replaced. */
async function runToTheEnd(
  plan: SoakPlan,
  children: ChildProcess[],
): Promise<{ readonly kills: number; readonly slowestTakeOver: number }> {
  const random = seededRandom(plan.seed);
  const watcher = await openAsking(plan.directory, plan.minuteMs);
  let kills = 0;
  let slowestTakeOver = 0;
  try {
    children.push(...(await Promise.all([startAsking(plan), startAsking(plan)])));
    const end = performance.now() + plan.patienceMs;
    let killAt = nextKill(plan, random);
    let saidAt = performance.now();
    while (performance.now() < end) {
      const { waiting, onTheWay } = await watcher.database.read('queueDepth', { purpose: 'new' });
      if (waiting + onTheWay === 0) {
        return { kills, slowestTakeOver };
      }
      if (performance.now() - saidAt > 10_000) {
        saidAt = performance.now();
        plan.say(`  ${waiting} wait, ${kills} kills`);
      }
      if (kills < plan.kills.atMost && performance.now() >= killAt) {
        const killed = whoIsOwner(plan.directory)?.pid;
        const child = children.find((one) => one.pid === killed);
        if (child !== undefined) {
          child.kill('SIGKILL');
          await once(child, 'exit');
          kills += 1;
          slowestTakeOver = Math.max(slowestTakeOver, await takeOver(plan, killed));
          children.splice(children.indexOf(child), 1, await startAsking(plan));
        }
        killAt = nextKill(plan, random);
      }
      await pause(50);
    }
    throw new Error(`the queue was not empty after ${plan.patienceMs / 1000} s`);
  } finally {
    await watcher.dispose();
  }
}

async function takeOver(plan: SoakPlan, killed: number | undefined): Promise<number> {
  const start = performance.now();
  for (let owner = whoIsOwner(plan.directory); owner === null || owner.pid === killed;) {
    await pause(20);
    owner = whoIsOwner(plan.directory);
  }
  return performance.now() - start;
}

function nextKill({ kills }: SoakPlan, random: () => number): number {
  return performance.now() + kills.least + random() * (kills.most - kills.least);
}

/** A process that seeks to ask; it stands by from the moment it comes back. */
async function startAsking(plan: SoakPlan): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('asking-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, plan.directory, String(plan.minuteMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...SIMULATED_KEYS },
  });
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  return child;
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }),
  );
}

function compared(
  plan: SoakPlan,
  simulators: ReadonlyMap<SimulatedSource, Simulator>,
): Pick<SoakResult, 'outcomes' | 'rates'> {
  const outcomes = new Map<SimulatedSource, SoakOutcome>();
  const rates = new Map<SimulatedSource, { most: number; limit: number; refused: number }>();
  for (const [source, { log }] of simulators) {
    const seen = { seed: plan.seed, name: source, log };
    outcomes.set(source, soakOutcome(plan.directory, source, digestsOf(plan, source), seen));
    rates.set(source, {
      most: mostInWindow(log, plan.minuteMs),
      limit: plan.sources[source]?.perMinute ?? 0,
      refused: log.filter(({ status }) => status === 429 || status === 419).length,
    });
  }
  return { outcomes, rates };
}

function digestsOf(plan: SoakPlan, source: SimulatedSource) {
  return Array.from({ length: plan.sources[source]?.hashes ?? 0 }, (_, n) => soakDigest(plan.seed, n));
}

function sourcesOf(plan: SoakPlan): SimulatedSource[] {
  return Object.keys(plan.sources) as SimulatedSource[];
}
