import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ForecastRow, PanelData } from '#shared/contract/usage.ts';
import type { ReadableDb } from '#main/db/handles.ts';
import { seededRandom } from '#main/simulators/server/draw.ts';
import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import {
  closeSimulators,
  DAY,
  HOUR,
  MINUTE,
  requestCount,
  startSimulators,
  type SimulatedSources,
} from '../../integration/life/life-world.ts';
import { createBooks, type Books } from './books.ts';
import { readDatabase } from './read-database.ts';
import type { Answers, Deed, PanelAsked } from './messages.ts';
import { createPair } from './pair.ts';
import { happeningsOf, LIMITS, QUARTER_START, type Happening } from './plan.ts';

export interface QuarterPlan {
  readonly directory: string;
  readonly seed: number;
  readonly days: number;
  readonly faultShare: number;
  readonly kills: number;
  readonly say: (line: string) => void;
}

/** What the checks of a quarter see. */
export interface QuarterWorld {
  readonly plan: QuarterPlan;
  readonly simulators: SimulatedSources;
  readonly books: Books;
  /** The wall clock, milliseconds since the epoch. */
  now(): number;
  /** Wall moments (milliseconds) at which a process was killed. */
  readonly killed: readonly number[];
  /** The board, read by the process that is not the owner. */
  readonly board: (panels: readonly PanelAsked[]) => Promise<readonly PanelData[]>;
  /** Lets a minute pass; true when no source was asked in it and somebody looked at the gauges at its end. */
  readonly quietMinute: () => Promise<boolean>;
}

export interface QuarterChecks {
  readonly look: (world: QuarterWorld) => Promise<void>;
  readonly compare: (world: QuarterWorld) => Promise<void>;
}

export interface QuarterForecast {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly rows: readonly ForecastRow[];
}

export interface QuarterResult {
  readonly world: QuarterWorld;
  readonly seconds: number;
  readonly faults: readonly string[];
  readonly forecasts: readonly QuarterForecast[];
}

/** Gauges are looked at each minute, and known in between for two and a half. */
const IDLE_STEP = 2 * MINUTE;
/** Every so many kills end both processes, for so long. */
const OUTAGE_EVERY = 5;
const OUTAGE = 3 * HOUR;
/** Of three kills one is that of the process that only reads and does what people do. */
const READER_EVERY = 3;
/** Steps without a request after which the timers of loops tell nothing new. */
const IDLE_STEPS = 8;

/**
 * Lives a quarter in two processes on one directory, against simulators that outlive them: one owns asking, the other does
 * what people do and reads the board; they are killed and swapped. `checks` are called while it is lived.
 */
export async function quarter(plan: QuarterPlan, checks: QuarterChecks): Promise<QuarterResult> {
  const started = performance.now();
  const run = await createRun(plan);
  try {
    for (const happening of happeningsOf(plan.days, plan.seed)) {
      await run.advance(happening.at);
      await happen(run, happening, checks);
    }
    await run.advance(plan.days * DAY);
    await checks.compare(run.world);
    await run.end();
  } finally {
    await run.close();
  }
  const { world, faults, forecasts } = run;
  return { world, faults, forecasts, seconds: (performance.now() - started) / 1000 };
}

async function happen(run: Run, happening: Happening, checks: QuarterChecks): Promise<void> {
  switch (happening.kind) {
    case 'deed':
      return run.deed(happening.deed);
    case 'sleep':
      return run.sleep(happening.milliseconds);
    case 'set-wall':
      return run.setWall(happening.milliseconds);
    case 'swap':
      return run.swap();
    case 'look':
      return checks.look(run.world);
    case 'compare':
      return checks.compare(run.world);
    default:
      return run.forecast();
  }
}

function isWatchedAt(db: ReadableDb, at: number): boolean {
  return (
    db
      .prepare<[number, number], number>('SELECT 1 FROM metric_presence WHERE start <= ? AND until >= ?')
      .get(at, at) !== undefined
  );
}

/** How long to the next timer of any process, at most a step. */
function nextOf(answers: readonly (Answers | null)[]): number {
  return Math.min(IDLE_STEP, ...answers.flatMap((answer) => answer?.untilNext ?? []));
}

type Run = Awaited<ReturnType<typeof createRun>>;

async function createRun(plan: QuarterPlan) {
  const { directory, seed } = plan;
  const faults: string[] = [];
  const forecasts: QuarterForecast[] = [];
  const killed: number[] = [];
  const books = createBooks();
  /** Time since the beginning, and what the wall clock is set off by; milliseconds. */
  let elapsed = 0;
  let offset = 0;
  const now = (): number => QUARTER_START + elapsed + offset;
  let outages = 0;
  const pair = createPair({ directory, seed, now, onFault: (text) => faults.push(text) });

  const random = seededRandom(seed ^ 0x517);
  const killTimes = Array.from({ length: plan.kills }, () => random() * plan.days * DAY).toSorted((a, b) => a - b);
  const isKillDue = (): boolean => (killTimes[killed.length] ?? Number.POSITIVE_INFINITY) <= elapsed;
  const isReaderNext = (): boolean => killed.length % READER_EVERY === READER_EVERY - 1;
  const simulators = await startSimulators(
    SIMULATED_SOURCES,
    { now },
    {
      seed,
      faultShare: plan.faultShare,
      limits: LIMITS,
      onRequest() {
        const victim = pair.owner();
        if (isKillDue() && !isReaderNext() && victim !== undefined) {
          killed.push(now());
          victim.kill();
        }
      },
    },
  );

  /** Waits until all that follows from this moment is done, whoever does it. Returns how long to the next timer. */
  async function settle(): Promise<number> {
    for (;;) {
      const before = requestCount(simulators);
      const next = nextOf(await pair.tell({ kind: 'settle' }));
      if (isSettled(before)) {
        return next;
      }
      await mend();
    }
  }

  function isSettled(requests: number): boolean {
    return requestCount(simulators) === requests && pair.areAlive();
  }

  /** Puts new processes in the place of those that were killed, until two live and one of them is the owner. */
  async function mend(): Promise<void> {
    while (!pair.isWhole()) {
      books.maybeWatched(now() / 1000);
      if (killed.length % OUTAGE_EVERY === 0 && killed.length > outages * OUTAGE_EVERY) {
        outages += 1;
        pair.kill();
      }
      const isOutage = await pair.bury();
      await drained();
      elapsed += isOutage ? OUTAGE : 0;
      await pair.complete();
    }
  }

  /** What a killed process had sent arrives. */
  async function drained(): Promise<void> {
    for (let before = -1; before !== requestCount(simulators);) {
      before = requestCount(simulators);
      for (let turn = 0; turn < 20; turn += 1) {
        await nextTurn();
      }
    }
  }

  async function step(milliseconds: number): Promise<number> {
    const before = requestCount(simulators);
    elapsed += milliseconds;
    const next = nextOf(await pair.move('pass', milliseconds));
    if (pair.owner() !== undefined) {
      books.watched(now() / 1000);
    }
    return isSettled(before) ? next : settle();
  }

  let idle = 0;
  let saidWeek = -1;
  const started = performance.now();
  async function advance(until: number): Promise<void> {
    let next = await settle();
    while (elapsed < until) {
      const before = requestCount(simulators);
      if (isKillDue() && isReaderNext()) {
        killed.push(now());
        pair.reader().kill();
        await mend();
      }
      const wanted = idle > IDLE_STEPS ? IDLE_STEP : Math.min(IDLE_STEP, Math.max(1, next));
      next = await step(Math.max(0, Math.min(until - elapsed, wanted)));
      idle = requestCount(simulators) === before ? idle + 1 : 0;
      const week = Math.floor(elapsed / (7 * DAY));
      if (week > saidWeek) {
        saidWeek = week;
        plan.say(
          `  week ${week}: ${requestCount(simulators)} requests, ${killed.length} kills, ${((performance.now() - started) / 1000).toFixed(0)} s`,
        );
      }
    }
  }

  const world: QuarterWorld = {
    plan,
    simulators,
    books,
    now,
    killed,
    async board(panels) {
      const answers = await pair.reader().tell({ kind: 'board', panels });
      return answers?.panels ?? [];
    },
    async quietMinute() {
      const before = requestCount(simulators);
      const end = elapsed + MINUTE;
      await advance(end);
      const isWatched = readDatabase(plan.directory, (db) => isWatchedAt(db, Math.floor(now() / 1000)));
      return isWatched && elapsed === end && requestCount(simulators) === before;
    },
  };

  await pair.complete();
  const urls = Object.fromEntries(Object.entries(simulators).map(([source, { url }]) => [source, url]));
  await pair.reader().tell({ kind: 'sources', urls });

  return {
    world,
    faults,
    forecasts,
    advance,
    async deed(deed: Deed): Promise<void> {
      const at = now() / 1000;
      const answers = await pair.reader().tell({ kind: 'deed', deed });
      books.enter(at, deed, answers?.purged);
      idle = 0;
      await settle();
    },
    async sleep(milliseconds: number): Promise<void> {
      elapsed += milliseconds;
      await pair.move('sleep', milliseconds);
      await settle();
    },
    async setWall(milliseconds: number): Promise<void> {
      offset += milliseconds;
      await pair.move('set-wall', milliseconds);
      idle = 0;
      await settle();
    },
    swap: () => pair.swap(),
    async forecast(): Promise<void> {
      const answers = await pair.reader().tell({ kind: 'forecast' });
      forecasts.push({ at: now(), rows: answers?.rows ?? [] });
    },
    end: () => pair.end(),
    async close(): Promise<void> {
      pair.kill();
      await pair.bury();
      await closeSimulators(simulators);
    },
  };
}
