import { describe, expect, test } from 'vitest';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import type { Claim, SettledItem, SettledRow } from '#main/db/repositories/queue-types.ts';
import {
  hashesOf,
  item,
  NOON,
  packed,
  queueWorld,
  sha256,
  VIRUSTOTAL,
  WILDFIRE,
  write,
  type QueueWorld,
} from './world.ts';

const [A, B, C] = [sha256('a'), sha256('b'), sha256('c')];
const NOW = NOON / 1000;
const MALICIOUS = item({ sha256: A }, 'malicious', NOW);
const NOT_KNOWN = item({ sha256: A }, 'unknown', NOW, { noAnswer: NO_ANSWER_CODE['not-known'] });

type Request = Extract<Claim, { kind: 'request' }>;

/** Settles a request of one hash with an answer that leaves something to be asked for. */
function heard(world: QueueWorld, claim: Request, next: SettledRow['next'], said: SettledItem): void {
  world.settle(claim, { next, items: [said], notBefore: world.now(), reason: 'More is asked for.' });
}

/** What is asked about, and how, until nothing may be sent any more. */
function claims(
  world: QueueWorld,
  more: Parameters<QueueWorld['claim']>[0] = {},
): { single: boolean; hashes: string[] }[] {
  const found: { single: boolean; hashes: string[] }[] = [];
  for (;;) {
    const { claim } = world.claim(more);
    if (claim.kind !== 'request') {
      return found;
    }
    found.push({ single: claim.single, hashes: hashesOf(claim) });
    world.settle(claim);
  }
}

describe('a row for the single call', () => {
  test('is asked alone, others go together', () => {
    const world = queueWorld();
    world.enqueue([A]);
    world.enqueue([B], { single: true });
    world.enqueue([C]);
    expect(claims(world)).toEqual([
      { single: false, hashes: [A, C] },
      { single: true, hashes: [B] },
    ]);
    expect(
      world.reads.requestsPage(world.db, { source: null, offset: 0, limit: 9 }).rows.map((row) => row.single),
    ).toEqual([true, false]);
  });

  test('takes a row that waits in a batch with it when a person wants everything', () => {
    const world = queueWorld();
    world.enqueue([A, B], { intakeId: 3 });
    world.enqueue([A], { purpose: 'person', single: true });
    expect(claims(world)).toEqual([
      { single: true, hashes: [A] },
      { single: false, hashes: [B] },
    ]);
  });

  test('costs one call of the budget, like a batch', () => {
    const world = queueWorld();
    const limits = { minute: 2, hour: null, day: null, month: null };
    world.enqueue([A, B, C], { single: true });
    expect(claims(world, { limits })).toHaveLength(2);
    expect(world.claim({ limits }).claim).toMatchObject({ kind: 'wait', why: 'minute' });
  });

  test('is found behind many that go together, and they behind it', () => {
    const world = queueWorld();
    const many = Array.from({ length: 1200 }, (_, n) => sha256(n));
    world.enqueue(many.slice(0, 600), { single: true });
    world.enqueue(many.slice(600));
    world.pass(1);
    const first = world.claimed({ hashesPerRequest: 500 });
    expect([first.single, first.rows.length]).toEqual([true, 1]);
    world.db.exec('UPDATE queue SET not_before = 1 WHERE single = 1 AND request_id IS NULL');
    const second = world.claimed({ hashesPerRequest: 500 });
    expect([second.single, second.rows.length]).toEqual([false, 500]);
  });
});

describe('an answer that a single call would complete', () => {
  test('is kept at once, and its row waits for the call, which no answer of before spares', () => {
    const world = queueWorld();
    world.enqueue([A]);
    heard(world, world.claimed(), 'details', MALICIOUS);
    expect(world.reads.itemsPage(world.db, { afterFile: 0, afterSource: 0, limit: 9 })).toMatchObject([{ status: 4 }]);
    expect(world.reads.queueGroups(world.db)).toMatchObject([{ waiting: 1, onTheWay: 0, done: 0 }]);
    const next = world.claimed();
    expect([next.single, next.rows[0]?.awaits, next.rows[0]?.attempts]).toEqual([true, 'details', 0]);
    world.settle(next);
    expect(world.reads.queueGroups(world.db)).toMatchObject([{ waiting: 0, onTheWay: 0, done: 1 }]);
    expect(world.reads.verifyTables(world.db)).toEqual([]);
  });

  test('comes after what is still to be asked in batches', () => {
    const world = queueWorld();
    world.enqueue([A, B, C]);
    heard(world, world.claimed({ hashesPerRequest: 1 }), 'details', MALICIOUS);
    expect(claims(world, { hashesPerRequest: 1 }).map(({ hashes }) => hashes[0])).toEqual([B, C, A]);
  });

  test('lets later stages go while only details are awaited, and keeps them while it may be known elsewhere', () => {
    for (const [next, said] of [
      ['details', MALICIOUS],
      ['elsewhere', NOT_KNOWN],
    ] as const) {
      const world = queueWorld();
      world.enqueue([A]);
      world.enqueue([A], { source: VIRUSTOTAL, stage: 1 });
      expect(world.claim({ source: VIRUSTOTAL }).claim).toMatchObject({ kind: 'wait', why: 'stage' });
      heard(world, world.claimed(), next, said);
      const later = world.claim({ source: VIRUSTOTAL }).claim;
      expect(later.kind).toBe(next === 'details' ? 'request' : 'wait');
    }
  });

  test('waits on through a cancel of another list, a lost process and the hash list as any row', () => {
    const world = queueWorld();
    world.enqueue([A]);
    heard(world, world.claimed(), 'elsewhere', NOT_KNOWN);
    world.claimed();
    write(world.db, 'recoverRequests', { now: world.now() });
    const again = world.claimed();
    expect([again.single, again.rows[0]?.awaits]).toEqual([true, 'elsewhere']);
    world.settle(again, { next: 'retry', outcome: 'quota', countAttempt: false });
    expect(world.claimed().single).toBe(true);
    expect(write(world.db, 'cancelQueue', { source: WILDFIRE, at: world.now() })).toBe(0);
  });

  test('that nothing was kept of is none, when everybody gave it up meanwhile', () => {
    const done = (['details', 'elsewhere'] as const).map((next) => {
      const world = queueWorld();
      world.enqueue([A]);
      const claim = world.claimed();
      write(world.db, 'cancelQueue', { at: world.now() });
      world.settle(claim, { next, notBefore: world.now(), items: next === 'details' ? [MALICIOUS] : [] });
      expect(world.claim().claim.kind).toBe('empty');
      const [group] = world.reads.queueGroups(world.db);
      return [group?.done, group?.dropped];
    });
    expect(done).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('is never "not known" by a fault: what the source said before stays, else that it could not be asked', () => {
    const fault = item({ sha256: A }, 'unknown', NOW, {
      noAnswer: NO_ANSWER_CODE['could-not-ask'],
      rawCode: 'The cloud failed.',
    });
    const page = { afterFile: 0, afterSource: 0, limit: 9 };
    const asked = (world: QueueWorld): unknown => {
      world.enqueue([A], { force: true });
      world.settle(world.claimed(), { outcome: 'not-known', next: 'elsewhere', notBefore: world.now() });
      world.settle(world.claimed(), { items: [fault] });
      expect(world.reads.verifyTables(world.db)).toEqual([]);
      return world.reads.itemsPage(world.db, page).map(({ status, noAnswer }) => [status, noAnswer]);
    };
    expect(asked(queueWorld())).toEqual([[0, NO_ANSWER_CODE['could-not-ask']]]);
    const world = queueWorld();
    write(world.db, 'importItems', { items: [{ ...MALICIOUS, digests: { sha256: A } }], at: NOW });
    expect(asked(world)).toEqual([[4, null]]);
  });

  test.each([
    ['has its details and says the same', { firstSeen: NOW - 99 }, 'malicious', false],
    ['has no First Seen yet', {}, 'malicious', true],
    ['turned malicious', { firstSeen: NOW - 99 }, 'non-malicious', true],
  ] as const)('of a rescan that %s is followed by the single call only for news', (_case, more, before, isFollowed) => {
    const world = queueWorld();
    write(world.db, 'importItems', { items: [item({ sha256: A }, before, NOW - 9, more)], at: NOW });
    world.enqueue([A], { purpose: 'rescan' });
    heard(world, world.claimed(), 'details', MALICIOUS);
    expect(world.claim().claim.kind).toBe(isFollowed ? 'request' : 'empty');
  });
});

test('a digest of several rows for the single call is packed as one', () => {
  const world = queueWorld();
  world.enqueue([A], { single: true });
  expect(world.claimed().digests).toEqual(packed([A]));
});
