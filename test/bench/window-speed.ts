// What a window feels, without one: the real engine behind its threads, asked as a window asks. Prints one line of JSON.
// `node test/bench/window-speed.ts DATA LIST`: drops LIST twice, the second time with the grid open on the first.
import { setTimeout as pause } from 'node:timers/promises';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { Job } from '#shared/contract/app.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { EVERY_ROW } from '../every-row.ts';

export interface WindowSpeed {
  /** Milliseconds from each drop until at least 20,000 hashes are judged and counted, and until the intake is ready. */
  readonly firstCounts: readonly number[];
  readonly ready: readonly number[];
  /** How late timers of the answering process come while a list is read with the grid open: 99th percentile and worst. */
  readonly lateP99: number;
  readonly lateWorst: number;
  /** A page of the open grid meanwhile: 99th percentile in milliseconds. */
  readonly pageP99: number;
  /** A page at a random place of all rows while nothing else happens: 99th percentile in milliseconds. */
  readonly jumpP99: number;
  /** Milliseconds of the first page of each order and filter over all rows, nothing kept from before. */
  readonly orders: Readonly<Record<string, number>>;
}

const [directory = '', list = ''] = process.argv.slice(2);
const ENOUGH = 20_000;

const engine = await createEngine({ directory, threads: 'workers', shell: 'chromium' });
try {
  // The threads are warm when a person has found the list to drop.
  await pause(1_500);
  const first = await drop(engine, list, () => undefined);
  const pages: number[] = [];
  const late = delays();
  const second = await drop(engine, list, async (offset) => {
    const start = performance.now();
    await rows(engine, first.intakeId, EVERY_ROW, offset);
    pages.push(performance.now() - start);
  });
  const lateness = late();
  const third = await drop(engine, list, () => undefined);
  const orders: Record<string, number> = {};
  await rows(engine, third.intakeId, EVERY_ROW, 0);
  const queries: readonly [string, Partial<GridQuery>][] = [
    ...(['hash', 'verdict', 'source', 'age', 'position'] as const).map((sort): [string, Partial<GridQuery>] => [
      `sort by ${sort}`,
      { sort, descending: true },
    ]),
    ['only malicious', { statuses: ['malicious'] }],
    ['hash text', { text: 'abcd' }],
    ['name text', { text: 'not there' }],
  ];
  for (const [name, query] of queries) {
    const start = performance.now();
    await rows(engine, third.intakeId, { ...EVERY_ROW, ...query }, 0);
    orders[name] = performance.now() - start;
  }
  const jumps: number[] = [];
  for (let jump = 0; jump < 200; jump += 1) {
    const start = performance.now();
    await rows(engine, third.intakeId, EVERY_ROW, (jump * 7_919) % 900_000);
    jumps.push(performance.now() - start);
  }
  const speed: WindowSpeed = {
    firstCounts: [first, second, third].map((each) => each.counted),
    ready: [first, second, third].map((each) => each.ready),
    lateP99: quantile(lateness, 0.99),
    lateWorst: quantile(lateness, 1),
    pageP99: quantile(pages, 0.99),
    jumpP99: quantile(jumps, 0.99),
    orders,
  };
  console.log(JSON.stringify(speed));
} finally {
  await engine.dispose();
}

async function drop(
  engine: Engine,
  path: string,
  meanwhile: (offset: number) => Promise<void> | undefined,
): Promise<{ readonly intakeId: number; readonly counted: number; readonly ready: number }> {
  const start = performance.now();
  let counted = Number.POSITIVE_INFINITY;
  const ended = Promise.withResolvers<void>();
  let jobId = '';
  const look = (job: Job): void => {
    if (job.jobId === jobId && job.counts !== null) {
      const { conflict: _conflict, stale: _stale, ...statuses } = job.counts;
      const judged = Object.values(statuses).reduce((sum, count) => sum + count, 0);
      counted = judged >= ENOUGH ? Math.min(counted, performance.now() - start) : counted;
    }
    if (job.jobId === jobId && job.state !== 'running') {
      ended.resolve();
    }
  };
  const stop = engine.onPush((name, payload) => {
    if (name === 'job') {
      look(payload as Job);
    }
  });
  const { handle } = engine.registerPaths([path]);
  const started = await engine.handlers['intake.start']({ handle, reading: { as: 'auto' } });
  jobId = started.jobId;
  const reading = new AbortController();
  const scroll = async (): Promise<void> => {
    for (let at = 0; !reading.signal.aborted; at += 1) {
      await meanwhile((at * 7_919) % 900_000);
      await pause(50);
    }
  };
  await Promise.all([scroll(), ended.promise.finally(() => reading.abort())]);
  stop();
  return { intakeId: started.intakeId, counted, ready: performance.now() - start };
}

async function rows(engine: Engine, intakeId: number, query: GridQuery, offset: number): Promise<void> {
  await engine.handlers['intake.rows']({ intakeId, query, offset, limit: 200 });
}

/** Watches how late timers come; the returned function stops it and gives all delays in milliseconds. */
function delays(): () => readonly number[] {
  const late: number[] = [];
  let due = performance.now() + 2;
  const timer = setInterval(() => {
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + 2;
  }, 2);
  return () => {
    clearInterval(timer);
    return late;
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
