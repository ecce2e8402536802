import { describe, expect, test } from 'vitest';
import type { ClaimArgs } from '#main/db/repositories/queue-types.ts';
import { DAY, hashesOf, item, MINUTE, NO_LIMITS, NOON, queueWorld, sha256, write, type QueueWorld } from './world.ts';

const NOW = NOON / 1000;
const MIDNIGHT = NOON + DAY / 2;
const limits = { ...NO_LIMITS, day: 100 };
const rescanLimits = { ...NO_LIMITS, day: 50 };
const spentTo = (world: QueueWorld): number =>
  world.reads
    .windowSpends(world.db, { source: 1, now: world.now(), minuteMs: MINUTE })
    .find(({ window }) => window === 'day')?.spent ?? 0;
const many = (name: string, count: number) => Array.from({ length: count }, (_, n) => sha256(`${name}${n}`));

/** Malicious items that wait to be asked again, after others that do. */
function withMalicious(world: QueueWorld, others: number, malicious: number): string[] {
  const bad = many('bad', malicious);
  write(world.db, 'importItems', { items: bad.map((hash) => item({ sha256: hash }, 'malicious', NOW - 99)), at: NOW });
  world.enqueue(many('old', others), { purpose: 'rescan' });
  world.enqueue(bad, { purpose: 'rescan' });
  return bad;
}

/** Asks one hash at a time until nothing goes; what was asked, in order. */
function ask(world: QueueWorld, args: Partial<ClaimArgs>, most = Infinity): string[] {
  const asked: string[] = [];
  while (asked.length < most) {
    const { claim } = world.claim({ limits, rescanLimits, hashesPerRequest: 1, ...args });
    if (claim.kind !== 'request') {
      break;
    }
    asked.push(...hashesOf(claim));
    world.settle(claim);
  }
  return asked;
}

describe('the share of rescans', () => {
  test('ends their own requests, and the wait names the window', () => {
    const world = queueWorld();
    world.enqueue(many('old', 80), { purpose: 'rescan' });
    expect(ask(world, {})).toHaveLength(50);
    const wait = { kind: 'wait', why: 'day', until: MIDNIGHT, forRescans: true };
    expect(world.claim({ limits, rescanLimits }).claim).toEqual(wait);
    world.enqueue([sha256('new')]);
    expect(ask(world, {})).toEqual([sha256('new')]);
    world.pass(DAY / 2);
    expect(ask(world, {})).toHaveLength(30);
  });

  test('counts what others spent, so that they find the rest of the day', () => {
    const world = queueWorld();
    world.enqueue(many('new', 45));
    ask(world, {});
    world.enqueue(many('old', 80), { purpose: 'rescan' });
    expect([ask(world, {}).length, spentTo(world)]).toEqual([5, 50]);
  });

  test('is kept over a day in which new hashes come and go', () => {
    const world = queueWorld();
    world.pass(DAY / 2);
    const old = many('old', 300);
    world.enqueue(old, { purpose: 'rescan' });
    const spentBeforeRescans: number[] = [];
    let news = 0;
    for (let hour = 0; hour < 23; hour += 1) {
      world.enqueue(many(`new${hour}-`, hour % 5));
      for (let call = 0; call < 6; call += 1) {
        const before = spentTo(world);
        const [hash] = ask(world, {}, 1);
        if (hash !== undefined && old.includes(hash as (typeof old)[number])) {
          spentBeforeRescans.push(before);
        } else if (hash !== undefined) {
          news += 1;
        }
      }
      world.pass(3_600_000);
    }
    // All new ones were asked, and no rescan began once half of the day was spent.
    expect([news, spentTo(world)]).toEqual([43, 43 + spentBeforeRescans.length]);
    expect(spentBeforeRescans.length).toBeGreaterThan(25);
    expect(Math.max(...spentBeforeRescans)).toBeLessThan(50);
  });

  test('does not keep them from filling up a request that goes anyhow', () => {
    const world = queueWorld();
    world.enqueue(many('old', 20), { purpose: 'rescan' });
    world.enqueue([sha256('new')]);
    const none = { ...NO_LIMITS, day: 0 };
    const claim = world.claimed({ limits, rescanLimits: none, hashesPerRequest: 100 });
    expect([claim.rows.length, claim.billed]).toEqual([21, 1]);
    world.settle(claim);
    world.enqueue(many('again', 5), { purpose: 'rescan' });
    expect(world.claim({ limits, rescanLimits: none }).claim).toMatchObject({ kind: 'wait', why: 'day' });
  });

  test('holds each of them where each hash is billed', () => {
    const world = queueWorld();
    world.enqueue(many('old', 80), { purpose: 'rescan' });
    world.enqueue(many('new', 10));
    const billed = { billedBy: 'hash', limits, rescanLimits: { ...NO_LIMITS, day: 30 } } as const;
    const claim = world.claimed(billed);
    // 20 rescans after 10 new ones: 30 calls of the day are spent then.
    expect([claim.rows.length, claim.billed]).toEqual([30, 30]);
    world.settle(claim);
    expect(world.claim(billed).claim).toMatchObject({ kind: 'wait', forRescans: true });
  });

  test('says when others are due that come before its end', () => {
    const world = queueWorld();
    world.enqueue(many('old', 60), { purpose: 'rescan' });
    ask(world, {});
    world.enqueue([sha256('later')]);
    world.settle(world.claimed({ limits }), { next: 'retry', notBefore: world.now() + MINUTE });
    expect(world.claim({ limits, rescanLimits }).claim).toEqual({
      kind: 'wait',
      why: 'not-before',
      until: world.now() + MINUTE,
    });
  });
});

describe('rescans of malicious items', () => {
  const none = { ...NO_LIMITS, day: 0 };

  test('go first when it is their turn, also beyond the share, after people', () => {
    const world = queueWorld();
    const [bad] = withMalicious(world, 30, 1);
    world.enqueue(many('new', 5));
    world.enqueue([sha256('person')], { purpose: 'person' });
    const asked = ask(world, { rescansFirst: true, rescanLimits: none });
    expect(asked).toEqual([sha256('person'), bad, ...many('new', 5)]);
  });

  test('are few among many others and found all the same', () => {
    const world = queueWorld();
    const [bad] = withMalicious(world, 900, 1);
    world.enqueue(many('new', 2));
    const claim = world.claimed({ rescansFirst: true, limits, rescanLimits: none, hashesPerRequest: 500 });
    const hashes = hashesOf(claim);
    expect([hashes[0], hashes.length]).toEqual([bad, 500]);
    expect(hashes).toContain(sha256('new0'));
  });

  test('do not turn into a turn for all others', () => {
    const world = queueWorld();
    world.enqueue(many('old', 9), { purpose: 'rescan' });
    expect(world.claim({ rescansFirst: true, limits, rescanLimits: none }).claim).toMatchObject({ forRescans: true });
  });

  test('go on while new hashes use everything', () => {
    const world = queueWorld();
    const bad = withMalicious(world, 0, 400);
    let asked = 0;
    for (let draw = 0; draw < 1000; draw += 1) {
      world.enqueue([sha256(`flood${draw}`)]);
      // One draw of twenty, as the loop draws.
      const [hash] = ask(world, { limits: NO_LIMITS, rescanLimits: none, rescansFirst: draw % 20 === 7 }, 1);
      asked += hash !== undefined && bad.includes(hash) ? 1 : 0;
    }
    expect(asked).toBe(50);
  });
});
