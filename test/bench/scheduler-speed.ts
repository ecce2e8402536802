// What asking costs by itself, per hash, with 100,000 hashes queued: claim, dispatch, settle, in batches of 500 against a
// source that answers at once. Once with answers that write nothing, once with items. Prints one line of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HexDigest } from '#shared/domain/hash.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemTimer } from '#main/jobs/outbound/system-timer.ts';
import { startScheduler } from '#main/jobs/outbound/scheduler.ts';
import { systemClock } from '#main/platform/clock.ts';
import type { RequestResult } from '#main/providers/port.ts';
import { createSettings } from '#main/settings/settings.ts';
import { answered, answerFor } from '../unit/outbound/answers.ts';
import { memorySources } from '../integration/outbound/memory-sources.ts';
import { scriptedSource } from '../integration/outbound/scripted-source.ts';
import { queueNew, soakDigest } from '../soak/simulated.ts';

export interface SchedulerSpeed {
  /** Microseconds of processor time per hash: putting it into the queue; asking, without and with writing its item. */
  readonly enqueue: number;
  readonly asking: number;
  readonly askingWithItems: number;
  /** Microseconds that passed per hash, asking without writing items; more than above where others use the machine. */
  readonly passed: number;
}

const COUNT = Number(process.argv[2] ?? 100_000);
const hashes = Array.from({ length: COUNT }, (_, n) => soakDigest(1, n));
const folder = mkdtempSync(join(tmpdir(), 'assay-scheduler-'));

try {
  const bare = await measured('bare', (asked) =>
    answered(asked.map((hash) => answerFor(hash, { outcome: 'protocol' }))),
  );
  const whole = await measured('items', (asked) => answered(asked.map((hash) => answerFor(hash))));
  const speed: SchedulerSpeed = {
    enqueue: bare.enqueue,
    asking: bare.asking,
    askingWithItems: whole.asking,
    passed: bare.passed,
  };
  console.log(JSON.stringify(speed));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measured(
  name: string,
  say: (asked: readonly HexDigest[]) => RequestResult,
): Promise<{ readonly enqueue: number; readonly asking: number; readonly passed: number }> {
  const database = await openInlineDatabase(join(folder, name));
  const source = scriptedSource('wildfire');
  source.say = say;
  const sources = memorySources([source], { wildfire: { hashesPerRequest: 500, concurrency: 2 } });
  const settings = createSettings(database, systemClock);
  const queueing = process.cpuUsage();
  await queueNew({ database }, 'wildfire', hashes);
  const enqueue = perHash(queueing);
  let isDone = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  let settled = 0;
  const watched = {
    ...database,
    async write(...args: Parameters<typeof database.write>) {
      const result = await database.write(...args);
      settled += args[0] === 'settleRequest' ? 500 : 0;
      if (settled >= COUNT) {
        isDone();
      }
      return result;
    },
  } as typeof database;
  const started = performance.now();
  const before = process.cpuUsage();
  const scheduler = await startScheduler({
    database: watched,
    sources,
    settings,
    timer: systemTimer(systemClock),
    random: Math.random,
    minuteMs: 60_000,
    avoid: true,
    onFault: (error) => {
      throw error;
    },
  });
  const alive = setInterval(() => undefined, 1_000);
  await done;
  const asking = perHash(before);
  const passed = (1000 * (performance.now() - started)) / COUNT;
  clearInterval(alive);
  await scheduler.stop(1_000);
  await database.close();
  return { enqueue, asking, passed };
}

function perHash(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / COUNT;
}
