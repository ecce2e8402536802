import { describe, expect, test } from 'vitest';
import {
  DAY,
  hashesOf,
  MINUTE,
  NOON,
  NO_LIMITS,
  queueWorld,
  sha256,
  WILDFIRE,
  write,
  type QueueWorld,
} from './world.ts';

const SLACK = 100;
const limits = (change: Partial<Record<'minute' | 'hour' | 'day' | 'month', number>>) => ({
  limits: { ...NO_LIMITS, ...change },
  hashesPerRequest: 1,
});
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => sha256(index));
const spent = (world: QueueWorld, now = world.now()) =>
  world.reads
    .windowSpends(world.db, { source: WILDFIRE, now, minuteMs: MINUTE })
    .map(({ window, spent }) => [window, spent]);

describe('the sliding minute', () => {
  test('counts a call from its reservation until a minute after it was settled', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    const claim = world.claimed(limits({ minute: 1 }));
    world.pass(1500);
    world.settle(claim);
    const full = { kind: 'wait', until: NOON + 1500 + MINUTE + SLACK, why: 'minute' };
    expect(world.claim(limits({ minute: 1 })).claim).toEqual(full);
    world.pass(MINUTE + SLACK - 1);
    expect(world.claim(limits({ minute: 1 })).claim).toEqual(full);
    world.pass(1);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('counts one that never settles until its deadline and a minute', () => {
    const world = queueWorld();
    world.enqueue(many(3));
    world.claimed(limits({ minute: 1 }));
    expect(world.claim(limits({ minute: 1 })).claim).toMatchObject({ until: NOON + 90_000 + MINUTE });
    world.pass(90_000 + MINUTE);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('counts one that was lost a minute from when that was found', () => {
    const world = queueWorld();
    world.enqueue(many(3));
    world.claimed(limits({ minute: 1 }));
    world.pass(500);
    expect(write(world.db, 'recoverRequests', { now: world.now() })).toEqual({ requests: 1, rows: 1 });
    expect(world.claim(limits({ minute: 1 })).claim).toMatchObject({ until: NOON + 500 + MINUTE + SLACK });
    expect(write(world.db, 'recoverRequests', { now: world.now() })).toEqual({ requests: 0, rows: 0 });
  });

  test('tells when the first of many calls leaves it', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    for (let call = 0; call < 3; call += 1) {
      const claim = world.claimed(limits({ minute: 3 }));
      world.pass(1000);
      world.settle(claim);
    }
    expect(world.claim(limits({ minute: 3 })).claim).toMatchObject({ until: NOON + 1000 + MINUTE + SLACK });
    // A limit that was lowered waits until enough have left.
    expect(world.claim(limits({ minute: 1 })).claim).toMatchObject({ until: NOON + 3000 + MINUTE + SLACK });
    expect(spent(world)[0]).toEqual(['minute', 3]);
  });
});

test('two processes share one ledger', () => {
  const one = queueWorld();
  const two = queueWorld(one.file);
  one.enqueue(many(20));
  const made = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : two).claim(limits({ minute: 3 })));
  expect(made.filter(({ claim }) => claim.kind === 'request')).toHaveLength(3);
  const asked = made.flatMap(({ claim }) => (claim.kind === 'request' ? hashesOf(claim) : []));
  expect(new Set(asked).size).toBe(3);
});

describe('hours, days and months', () => {
  test.each([
    ['hour', NOON + 3_600_000],
    ['day', Date.UTC(2026, 2, 11)],
    ['month', Date.UTC(2026, 3, 1)],
  ] as const)('the %s ends at its UTC end', (window, end) => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({ [window]: 1 })));
    expect(world.claim(limits({ [window]: 1 })).claim).toEqual({ kind: 'wait', until: end, why: window });
    world.pass(end - NOON - 1);
    expect(world.claim(limits({ [window]: 1 })).claim.kind).toBe('wait');
    world.pass(1);
    expect(world.claim(limits({ [window]: 1 })).claim.kind).toBe('request');
  });

  test('a call on its way over midnight counts in both days', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.pass(12 * 3_600_000 - 1000);
    const claim = world.claimed(limits({ day: 1 }));
    world.pass(2000);
    expect(world.claim(limits({ day: 1 })).claim).toMatchObject({ kind: 'wait', why: 'day' });
    world.settle(claim);
    expect(world.claim(limits({ day: 1 })).claim).toMatchObject({ kind: 'wait', why: 'day' });
    expect(world.claim(limits({ month: 2 })).claim.kind).toBe('request');
  });

  test('so does one that was lost then, but not in the days after', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.pass(12 * 3_600_000 - 1000);
    world.claimed(limits({ day: 1 }));
    const lostAt = world.now();
    world.pass(2 * DAY);
    write(world.db, 'recoverRequests', { now: world.now() });
    expect(spent(world, lostAt)).toContainEqual(['day', 1]);
    expect(spent(world, lostAt + 2000)).toContainEqual(['day', 1]);
    expect(spent(world)).toContainEqual(['day', 0]);
  });

  test('of several full windows the longest is told', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({})));
    expect(world.claim(limits({ minute: 1, day: 1 })).claim).toMatchObject({ why: 'day' });
  });

  test('what was certainly not sent is given back, what was lost is not', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({})), { outcome: 'transient', next: 'retry' }, { billed: 0 });
    expect(spent(world)).toEqual([
      ['minute', 0],
      ['hour', 0],
      ['day', 0],
      ['month', 0],
    ]);
    const lost = world.claimed(limits({}));
    write(world.db, 'recoverRequests', { now: world.now() });
    // Its answer is heard after all.
    expect(world.settle(lost, {}, { billed: 0 })).toBe(0);
    expect(spent(world).map(([, calls]) => calls)).toEqual([1, 1, 1, 1]);
  });

  test('billed by hash, a batch is cut to what is left', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    const by = { limits: { ...NO_LIMITS, day: 7, minute: 5 }, hashesPerRequest: 100, billedBy: 'hash' } as const;
    const first = world.claimed(by);
    expect([first.billed, first.rows.length]).toEqual([5, 5]);
    world.pass(1000);
    world.settle(first, {}, { billed: 4 });
    world.pass(MINUTE + SLACK);
    expect(world.claimed(by).billed).toBe(3);
    expect(world.claim(by).claim).toMatchObject({ kind: 'wait', why: 'day' });
  });
});

describe('a clock that is set', () => {
  test('forward frees no minute early', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({ minute: 1 })));
    world.pass(1000);
    world.setClock(3_600_000);
    const wait = world.claim(limits({ minute: 1 })).claim;
    expect(wait).toMatchObject({ kind: 'wait', why: 'minute' });
    world.pass(MINUTE - 1000);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('wait');
    world.pass(1000 + SLACK);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('forward while a call is on its way neither', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    const claim = world.claimed(limits({ minute: 1 }));
    world.setClock(3_600_000);
    world.pass(100);
    world.settle(claim);
    world.pass(MINUTE);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('wait');
    world.pass(MINUTE + SLACK);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('back and forth again around an answer frees nothing early', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    const claim = world.claimed(limits({ minute: 1 }));
    world.setClock(-3_600_000);
    world.pass(120);
    world.settle(claim);
    world.setClock(3_600_000);
    world.pass(MINUTE);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('wait');
  });

  test('back keeps calls counted a full minute from now, and no longer', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({ minute: 1 })));
    world.setClock(-3_600_000);
    const now = world.now();
    expect(world.claim(limits({ minute: 1 })).claim).toEqual({
      kind: 'wait',
      until: now + MINUTE + SLACK,
      why: 'minute',
    });
    world.pass(MINUTE + SLACK);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('back by less than a call is old keeps it a minute at the most', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({ minute: 1 })));
    world.pass(50_000);
    world.setClock(-40_000);
    expect(world.claim(limits({ minute: 1 })).claim).toMatchObject({ kind: 'wait' });
    world.pass(MINUTE + SLACK);
    expect(world.claim(limits({ minute: 1 })).claim.kind).toBe('request');
  });

  test('back into another day counts the calls there too', () => {
    const world = queueWorld();
    world.enqueue(many(9));
    world.settle(world.claimed(limits({})));
    world.setClock(-DAY);
    expect(world.claim(limits({ day: 1 })).claim).toMatchObject({ kind: 'wait', why: 'day' });
    world.setClock(DAY);
    expect(world.claim(limits({ day: 1 })).claim).toMatchObject({ kind: 'wait', why: 'day' });
    expect(spent(world)).toContainEqual(['day', 1]);
  });

  test('back leaves no hash waiting for the old time', () => {
    const world = queueWorld();
    world.enqueue(many(1));
    const claim = world.claimed();
    world.settle(claim, { outcome: 'transient', next: 'retry', notBefore: NOON + 30_000 });
    world.setClock(-DAY);
    expect(world.claim().claim).toMatchObject({ kind: 'wait', until: NOON - DAY + 30_000 });
  });
});

describe('a test of the connection', () => {
  const bare = (world: QueueWorld) =>
    write(world.db, 'reserveBare', {
      source: WILDFIRE,
      now: world.now(),
      steadyMs: 0,
      limits: { ...NO_LIMITS, day: 1 },
      minuteMs: MINUTE,
      deadlineMs: 1000,
    });

  test('is reserved, settled and recorded like any call, also while the source is paused', () => {
    const world = queueWorld();
    write(world.db, 'setSourceState', { source: WILDFIRE, change: { state: 'paused' }, at: NOON });
    const claim = bare(world);
    if (claim.kind !== 'request') {
      throw new Error('no request');
    }
    expect(bare(world)).toMatchObject({ kind: 'wait', why: 'day' });
    world.settle(claim, {}, { outcome: 'auth', httpStatus: 401, message: 'The key was refused.' });
    expect(world.reads.requestsPage(world.db, { source: WILDFIRE, offset: 0, limit: 9 })).toEqual({
      total: 1,
      rows: [
        {
          id: claim.requestId,
          source: WILDFIRE,
          purpose: 'person',
          kind: 'sha256',
          hashes: 0,
          single: false,
          reservedAt: NOON,
          settledAt: NOON,
          outcome: 'auth',
          httpStatus: 401,
          elapsedMs: 120,
          billed: 1,
          message: 'The key was refused.',
        },
      ],
    });
    expect(world.reads.requestHashes(world.db, { requestId: claim.requestId })).toEqual([]);
  });

  test('of a living process is not taken for lost before its deadline', () => {
    const world = queueWorld();
    bare(world);
    expect(write(world.db, 'recoverRequests', { now: NOON + 999 })).toEqual({ requests: 0, rows: 0 });
    expect(write(world.db, 'recoverRequests', { now: NOON + 1000 })).toEqual({ requests: 1, rows: 0 });
  });

  test('is not made while offline', () => {
    const world = queueWorld();
    write(world.db, 'setSettings', { change: { offline: true }, at: 1 });
    expect(bare(world)).toEqual({ kind: 'held', why: 'offline' });
  });
});
