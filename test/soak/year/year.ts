import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '#main/simulators/server/draw.ts';
import type { Simulator } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { closeSimulators, startSimulators, type SimulatedSources } from '../../integration/life/life-world.ts';
import type { FromYear, ToYear, YearStart } from './messages.ts';
import { endOf, eventsOf, LIMITS, YEAR_START } from './plan.ts';

export interface YearPlan {
  readonly directory: string;
  readonly seed: number;
  readonly hashes: number;
  /** A year has 365; fewer for a shorter look. */
  readonly days: number;
  readonly sources: readonly SimulatedSource[];
  readonly faultShare: number;
  readonly kills: number;
  readonly capMiB: number;
  readonly say: (line: string) => void;
}

export interface YearResult {
  readonly seconds: number;
  readonly kills: number;
  readonly simulators: SimulatedSources;
  readonly purges: readonly Extract<FromYear, { kind: 'purge' }>[];
  readonly sizes: readonly Extract<FromYear, { kind: 'size' }>[];
  readonly faults: readonly string[];
}

/** Time as the parent and the simulators have it: what the process that lives the year last said. */
interface Shared {
  now: number;
  steady: number;
}

/**
 * Lives a year in processes that are killed in the middle of their work, against simulators that outlive them. A kill
 * falls on the arrival of a request, so that its answer is on its way to nobody.
 */
export async function year(plan: YearPlan): Promise<YearResult> {
  const random = seededRandom(plan.seed);
  const shared: Shared = { now: YEAR_START, steady: 0 };
  const found = { purges: [] as YearResult['purges'][number][], sizes: [] as YearResult['sizes'][number][] };
  const faults: string[] = [];
  const killTimes = Array.from(
    { length: plan.kills },
    () => YEAR_START + random() * (endOf(plan.days) - YEAR_START),
  ).toSorted((a, b) => a - b);
  let kills = 0;
  let nextEvent = 0;
  let child: ChildProcess | null = null;
  const started = performance.now();
  const limits = Object.fromEntries(plan.sources.map((source) => [source, LIMITS[source] ?? NO_LIMITS]));
  const simulators = await startSimulators(
    plan.sources,
    { now: () => shared.now },
    {
      seed: plan.seed,
      faultShare: plan.faultShare,
      limits,
      onRequest: () => {
        if ((killTimes[kills] ?? Number.POSITIVE_INFINITY) <= shared.now && child !== null) {
          kills += 1;
          child.kill('SIGKILL');
          child = null;
        }
      },
    },
  );
  const urls = Object.fromEntries(
    (Object.entries(simulators) as [SimulatedSource, Simulator][]).map(([source, { url }]) => [source, url]),
  );
  let saidDay = -1;
  const hear = (from: ChildProcess, message: FromYear): void => {
    switch (message.kind) {
      case 'now':
        [shared.now, shared.steady] = [message.now, message.steady];
        saidDay = sayDay(plan, shared, saidDay, kills, started);
        from.send({ kind: 'go' } satisfies ToYear);
        return;
      case 'event':
        nextEvent = message.index + 1;
        from.send({ kind: 'go' } satisfies ToYear);
        return;
      case 'purge':
        found.purges.push(message);
        return;
      case 'size':
        found.sizes.push(message);
        return;
      case 'note':
        plan.say(message.text);
        return;
      default:
        faults.push(message.text);
    }
  };
  try {
    for (let isOver = false; !isOver;) {
      const start: YearStart = {
        directory: plan.directory,
        seed: plan.seed,
        hashes: plan.hashes,
        days: plan.days,
        now: shared.now,
        nextEvent,
        capMiB: plan.capMiB,
        urls,
      };
      const [code, signal] = await lived(start, (running) => (child = running), hear);
      isOver = code === 0;
      if (code !== 0 && signal !== 'SIGKILL') {
        throw new Error(`the process that lives the year ended with ${code ?? signal}`);
      }
    }
  } finally {
    await closeSimulators(simulators);
  }
  if (nextEvent !== eventsOf(plan.hashes, plan.days).length) {
    throw new Error('not every event of the year happened');
  }
  return { seconds: (performance.now() - started) / 1000, kills, simulators, ...found, faults };
}

const NO_LIMITS = { perMinute: null, perDay: null, perMonth: null };

async function lived(
  start: YearStart,
  running: (child: ChildProcess) => void,
  hear: (from: ChildProcess, message: FromYear) => void,
): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
  const script = fileURLToPath(new URL('process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(start)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running(child);
  child.on('message', (message) => {
    if (child.connected) {
      hear(child, message as FromYear);
    }
  });
  child.on('error', () => undefined);
  return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
}

function sayDay(plan: YearPlan, shared: Shared, said: number, kills: number, started: number): number {
  const day = Math.floor((shared.now - YEAR_START) / 86_400_000);
  if (day >= said + 10) {
    plan.say(`  day ${day}, ${kills} kills, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return day;
  }
  return said;
}
