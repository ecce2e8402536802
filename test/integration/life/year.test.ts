import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '#main/services/engine-port.ts';
import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { checkHistory, checkQuotas } from './check-life.ts';
import {
  closeSimulators,
  connect,
  DAY,
  HOUR,
  lifeDigests,
  live,
  openAt,
  requestCount,
  scanList,
  startSimulators,
} from './life-world.ts';
import { sayingOf } from './sayings.ts';
import { createVirtualTime } from './virtual-time.ts';

const START = Date.UTC(2026, 0, 1, 8);
const HASHES = lifeDigests(0, 24);
const LISTED = HASHES.slice(0, 4);
const NEVER = new AbortController().signal;
const LIMITS = { perMinute: 200, perDay: 400, perMonth: null };

test('a year of life: asked again, slept through, set back, listed, purged and found again', async () => {
  const time = createVirtualTime(START);
  const limits = Object.fromEntries(SIMULATED_SOURCES.map((source) => [source, LIMITS]));
  const simulators = await startSimulators(SIMULATED_SOURCES, time, { limits });
  const directory = temporaryDirectory();
  const faults: unknown[] = [];
  let engine: Engine = await openAt(directory, time, faults);
  onTestFinished(async () => {
    await engine.dispose();
    await closeSimulators(simulators);
  });
  const changes = Object.fromEntries(
    SIMULATED_SOURCES.map((source) => [
      source,
      {
        callsPerMinute: LIMITS.perMinute,
        callsPerDay: LIMITS.perDay,
        callsPerMonth: null,
        ...(source === 'reversinglabs-titaniumcloud' ? { options: { username: 'u/simulated/analyst' } } : {}),
      },
    ]),
  );
  await connect(engine, simulators, changes);
  await engine.handlers['settings.set']({ requestLogDays: 3650, removeItemDays: null });
  const until = (days: number): Promise<void> =>
    live(engine, time, START + days * DAY, { idleStep: 12 * HOUR, log: () => requestCount(simulators) });
  const asked = (hashes: readonly string[], from: number): number =>
    Object.values(simulators)
      .flatMap(({ log }) => log)
      .filter(({ at }) => at >= from)
      .reduce((sum, entry) => sum + entry.hashes.filter((hash) => hashes.includes(hash.toLowerCase())).length, 0);

  engine.outbound.seek();
  const intakeId = await scanList(engine, HASHES);
  await until(20);

  // A hash-list entry stops questions about its hashes; what expires comes back by itself.
  const listedAt = time.now();
  await engine.hashList.add({
    groups: LISTED.map((sha256) => ({ sha256 })),
    side: 'non-malicious',
    note: '',
    reason: 'ours',
    expiresAt: Math.floor((START + 70 * DAY) / 1000),
  });
  await until(69);
  expect(asked(LISTED, listedAt)).toBe(0);
  expect(asked(HASHES, listedAt)).toBeGreaterThan(0);
  const expiredAt = time.now();
  await until(110);
  expect(asked(LISTED, expiredAt)).toBeGreaterThanOrEqual(LISTED.length);

  // The machine sleeps for a week, the process starts anew, somebody sets the clock back by a day.
  time.sleep(7 * DAY);
  await until(130);
  await engine.dispose();
  time.sleep(3 * DAY);
  engine = await openAt(directory, time, faults);
  engine.outbound.seek();
  await until(160);
  time.setWall(-DAY);
  await until(200);

  for (const source of SIMULATED_SOURCES) {
    const log = simulators[source]?.log ?? [];
    expect(checkHistory(directory, source, log, sayingOf(source)).wrong, source).toEqual([]);
    expect(checkQuotas(log, LIMITS), source).toEqual([]);
  }

  // What is in a kept intake stays; forgotten, and asked for by nobody, all but what is malicious goes, as previewed.
  await engine.handlers['settings.set']({ removeItemDays: 60 });
  await until(205);
  expect(await engine.life.preview(NEVER)).toMatchObject({ items: 0, files: 0 });
  const before = await engine.cache.stats();
  await engine.intakes.forget(intakeId);
  await engine.handlers['settings.set']({ removeItemDays: null });
  await until(290);
  await engine.handlers['settings.set']({ removeItemDays: 60 });
  const previewed = await engine.life.preview(NEVER);
  const purged = await engine.life.purge(() => undefined, NEVER);
  expect(previewed.items).toBeGreaterThan(0);
  expect({ items: purged.items, files: purged.files }).toEqual({ items: previewed.items, files: previewed.files });
  const after = await engine.cache.stats();
  expect(after.items).toBe(before.items - purged.items);
  expect(after.itemsByStatus['malicious']).toBe(before.itemsByStatus['malicious']);

  // An item comes back when its hash does, and goes by itself when its time is over again.
  await scanList(engine, HASHES, 'again.txt');
  await until(295);
  expect((await engine.cache.stats()).items).toBeGreaterThanOrEqual(after.items + purged.items);
  await until(365);
  expect(faults).toEqual([]);
});
