import { afterEach, describe, expect, it } from 'vitest';
import { rescanWorld, seconds, type RescanWorld } from './rescan-model.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const worlds: RescanWorld[] = [];

function start(...args: Parameters<typeof rescanWorld>): RescanWorld {
  const world = rescanWorld(...args);
  worlds.push(world);
  return world;
}

afterEach(async () => {
  const ended = worlds.splice(0);
  await Promise.all(ended.map((world) => world.stop()));
  const [fault] = ended.flatMap(({ faults }) => faults);
  if (fault !== undefined) {
    throw fault;
  }
});

/** Items that were answered that many days ago, as files 1, 2, ... */
function answered(world: RescanWorld, ...days: readonly number[]): void {
  days.forEach((ago, index) => {
    const scannedAt = seconds(world.time.now()) - ago * 86_400;
    world.items.set(index + 1, { status: 'non-malicious', scannedAt, notBefore: null });
  });
}

describe('asking again', () => {
  it('queues what is due soon after the start, and nothing else', async () => {
    const world = start();
    answered(world, 31, 29, 45);
    await world.time.pass(10 * SECOND);
    expect([...world.queue.rescan]).toEqual([3, 1]);
    await world.stop();
    expect(world.time.armed).toBe(0);
  });

  it('asks each item once in each interval, over a year', async () => {
    const world = start();
    answered(world, ...Array.from({ length: 60 }, (_, n) => n % 30));
    const asked = new Map<number, number>();
    for (let day = 0; day < 365; day += 1) {
      await world.time.pass(DAY);
      for (const id of world.answer()) {
        asked.set(id, (asked.get(id) ?? 0) + 1);
      }
    }
    // 12 times 30 days, and up to a day late each time.
    expect([asked.size, Math.min(...asked.values()), Math.max(...asked.values())]).toEqual([60, 11, 12]);
  });

  it('keeps what waits short, and fills it up when half of it is gone', async () => {
    const world = start();
    answered(world, ...Array.from({ length: 700 }, () => 40));
    await world.time.pass(10 * SECOND);
    expect(world.queue.rescan.size).toBe(100);
    const before = world.feeds.length;
    for (const id of [...world.queue.rescan].slice(0, 40)) {
      world.queue.rescan.delete(id);
    }
    world.wake();
    await world.time.pass(5 * SECOND);
    expect([world.queue.rescan.size, world.feeds.length]).toEqual([60, before]);
    world.answer();
    await world.time.pass(5 * SECOND);
    expect(world.queue.rescan.size).toBe(100);
  });

  it('looks at the queue once a second at most, however often that changes', async () => {
    const world = start();
    answered(world, ...Array.from({ length: 50 }, () => 40));
    await world.time.pass(10 * SECOND);
    world.isHeld = true;
    world.queue.rescan.clear();
    world.items.set(99, { status: 'malicious', scannedAt: 1, notBefore: null });
    const before = world.feeds.length;
    for (let change = 0; change < 100; change += 1) {
      world.wake();
      await world.time.pass(50);
    }
    expect(world.feeds.length - before).toBeLessThanOrEqual(6);
  });

  it('brings what was never asked about back as new', async () => {
    const world = start({}, { rescanItemDays: null, notKnownDays: null });
    world.items.set(7, {
      status: 'unknown',
      scannedAt: null,
      notBefore: seconds(world.time.now()) + 3600,
      isUnasked: true,
    });
    await world.time.pass(30 * 60 * SECOND);
    expect(world.queue.new.size).toBe(0);
    await world.time.pass(7 * HOUR);
    expect([...world.queue.new]).toEqual([7]);
  });
});

describe('nothing is asked again', () => {
  it.each([
    ['with a public key', { plan: 'public' as const }, {}],
    ['where rescans are off', { rescans: false }, {}],
    ['while offline', {}, { offline: true }],
    ['where no interval is set', {}, { rescanItemDays: null, notKnownDays: null }],
  ])('%s', async (_case, config, settings) => {
    const world = start(config, settings);
    answered(world, 400);
    await world.time.pass(2 * DAY);
    expect(world.feeds).toEqual([]);
  });

  it('without a key, until there is one', async () => {
    const world = start();
    answered(world, 40);
    world.isReady = false;
    await world.time.pass(DAY);
    expect(world.queue.rescan.size).toBe(0);
    world.isReady = true;
    world.wake();
    await world.time.pass(10 * SECOND);
    expect(world.queue.rescan.size).toBe(1);
  });

  it('and what waits is taken out, once rescans are switched off', async () => {
    const world = start();
    answered(world, 40);
    await world.time.pass(10 * SECOND);
    world.config = { ...world.config, rescans: false };
    world.wake();
    await world.time.pass(5 * SECOND);
    expect(world.queue.rescan.size).toBe(0);
  });
});

describe('a sweep', () => {
  it('comes at once when settings make other items due', async () => {
    const world = start();
    answered(world, 10);
    await world.time.pass(10 * SECOND);
    world.settings = { ...world.settings, rescanItemDays: 7 };
    world.wake();
    await world.time.pass(3 * SECOND);
    expect([...world.queue.rescan]).toEqual([1]);
  });

  it('does not come with every change of the queue', async () => {
    const world = start();
    answered(world, 10);
    for (let turn = 0; turn < 600; turn += 1) {
      world.wake();
      await world.time.pass(SECOND);
    }
    expect(world.sweeps).toHaveLength(1);
  });

  it('costs half a per cent of the time at the most', async () => {
    const world = start({}, { rescanItemDays: 1, notKnownDays: 1 });
    answered(world, 0);
    world.readMs = 60_000;
    await world.time.pass(3 * DAY);
    // Each takes a minute, and 200 minutes follow it: by the clock of the timer those overlap.
    expect(world.sweeps.length).toBeGreaterThan(10);
    expect(world.sweeps.length).toBeLessThanOrEqual(1 + Math.ceil((3 * DAY) / (200 * 60_000)));
  });
});

describe('a clock that jumps', () => {
  it('finds what fell due while the machine slept, without waiting for the usual time', async () => {
    const world = start();
    answered(world, 20);
    await world.time.pass(10 * SECOND);
    world.time.jump(11 * DAY);
    await world.time.pass(11 * 60 * SECOND);
    expect([...world.queue.rescan]).toEqual([1]);
  });

  it('set back asks nothing that was answered just now, and what lies far ahead once', async () => {
    const world = start();
    answered(world, 40);
    await world.time.pass(10 * SECOND);
    world.time.jump(1000 * DAY);
    await world.time.pass(11 * 60 * SECOND);
    world.answer();
    world.time.jump(-1000 * DAY);
    await world.time.pass(11 * 60 * SECOND);
    expect([...world.queue.rescan]).toEqual([1]);
    world.answer();
    await world.time.pass(DAY);
    expect(world.queue.rescan.size).toBe(0);
  });
});
