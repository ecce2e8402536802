import { describe, expect, test } from 'vitest';
import { NOT_ASKED } from '#main/db/codes.ts';
import { queuedDigestsAfter } from '#main/db/repositories/scan-reads.ts';
import type { FeedArgs } from '#main/db/repositories/asking/queue/feed-rescans.ts';
import { digestKeyOfHex } from '#main/db/codes.ts';
import {
  DAY,
  hashesOf,
  item,
  md5,
  NOON,
  packed,
  queueWorld,
  sha1,
  sha256,
  WILDFIRE,
  write,
  type QueueWorld,
} from './world.ts';

const [A, B, C] = [sha256('a'), sha256('b'), sha256('c')];
const NOW = NOON / 1000;
const DAYS = DAY / 1000;
const life = { rescans: true, pending: 900, newAge: null, newInterval: DAYS };
const policy = { rescan: 30 * DAYS, notKnown: 30 * DAYS, sources: { wildfire: life } };

/** Items that are overdue by ten days, as files 1, 2, 3. */
function overdue(world: QueueWorld, ...digests: Parameters<typeof item>[0][]): void {
  write(world.db, 'importItems', {
    items: digests.map((one) => item(one, 'malicious', NOW - 40 * DAYS)),
    at: NOW - 40 * DAYS,
  });
}

const feed = (world: QueueWorld, ids: readonly number[], more: Partial<FeedArgs> = {}) =>
  write(world.db, 'feedRescans', {
    source: WILDFIRE,
    takes: ['md5', 'sha256'],
    policy,
    purpose: 'rescan',
    files: ids.map((id) => ({ id, isMalicious: false })),
    most: 100,
    at: world.now(),
    ...more,
  });

const groups = (world: QueueWorld) =>
  world.reads.queueGroups(world.db).map(({ purpose, waiting }) => [purpose, waiting]);

const heldUntil = (world: QueueWorld, file: number) =>
  world.db.prepare('SELECT next_scan_at FROM items WHERE file_id = ?').pluck().get(file);

function list(world: QueueWorld, hash: string, expiresAt: number | null): void {
  world.db
    .prepare(
      `INSERT INTO hash_list (id, side, sha256, added_by, added_at, updated_at, expires_at)
       VALUES (1, 4, ?, 'me', 0, 0, ?)`,
    )
    .run(Buffer.from(hash, 'hex'), expiresAt);
  world.db.prepare('INSERT INTO hash_list_keys (key, entry_id) VALUES (?, 1)').run(digestKeyOfHex(hash));
}

function unlist(world: QueueWorld): void {
  world.db.exec('DELETE FROM hash_list; DELETE FROM hash_list_keys');
}

describe('feeding what is due', () => {
  test('queues each file once, by the strongest digest its source takes, and counts nothing as avoided', () => {
    const world = queueWorld();
    overdue(
      world,
      { md5: md5('a'), sha1: sha1('a'), sha256: A },
      { md5: md5('b'), sha1: sha1('b') },
      { sha1: sha1('c') },
    );
    expect(feed(world, [1, 2, 3])).toEqual({ queued: 2, looked: 3 });
    expect(feed(world, [1, 2, 3])).toEqual({ queued: 0, looked: 3 });
    expect(groups(world)).toEqual([['rescan', 2]]);
    const digests = [world.claimed(), world.claimed()].flatMap(hashesOf);
    expect(digests.toSorted()).toEqual([A, md5('b')].toSorted());
    expect(world.reads.avoidedSince(world.db, { at: 0 })).toEqual({});
    expect(heldUntil(world, 3)).toBe(NOW + DAYS);
  });

  test("touches nobody's day of asking", () => {
    const world = queueWorld();
    overdue(world, { sha256: A });
    world.db.exec('UPDATE items SET asked_day = 12');
    feed(world, [1]);
    world.settle(world.claimed(), { items: [item({ sha256: A }, 'malicious', NOW)] });
    expect(world.db.prepare('SELECT asked_day FROM items').pluck().get()).toBe(12);
  });

  test('passes over what is no longer due, is queued under another digest, or is gone', () => {
    const world = queueWorld();
    overdue(world, { sha256: A }, { md5: md5('b'), sha256: B });
    write(world.db, 'importItems', { items: [item({ sha256: A }, 'malicious', NOW - 5)], at: NOW });
    world.enqueue([md5('b')], { kind: 'md5', force: true });
    expect(feed(world, [1, 2, 77])).toEqual({ queued: 0, looked: 3 });
  });

  test('puts malicious ones before the others, also those of an earlier feeding', () => {
    const world = queueWorld();
    overdue(world, { sha256: A }, { sha256: B }, { sha256: C });
    feed(world, [1, 2]);
    world.pass(5);
    feed(world, [3], { files: [{ id: 3, isMalicious: true }] });
    expect(hashesOf(world.claimed())[0]).toBe(C);
  });

  test('keeps nobody waiting: to a plan it is not queued, and a scan makes it urgent', () => {
    const world = queueWorld();
    overdue(world, { sha256: A });
    feed(world, [1]);
    const all = { digest: new Uint8Array(0), source: 0, limit: 9 };
    expect(queuedDigestsAfter(world.db, all)).toEqual([]);
    world.enqueue([A], { intakeId: 4 });
    expect(queuedDigestsAfter(world.db, all)).toHaveLength(1);
    expect(groups(world)).toEqual([
      ['new', 1],
      ['rescan', 0],
    ]);
    write(world.db, 'cancelQueue', { intakeId: 4, at: NOON });
    expect(groups(world)).toContainEqual(['rescan', 1]);
    world.claimed();
    expect(queuedDigestsAfter(world.db, all)).toHaveLength(1);
  });

  test('ends at what was asked for, and says how far it came', () => {
    const world = queueWorld();
    overdue(world, { sha256: A }, { sha256: B }, { sha256: C });
    expect(feed(world, [1, 2, 3], { most: 2 })).toEqual({ queued: 2, looked: 2 });
    expect(feed(world, [3])).toEqual({ queued: 1, looked: 1 });
  });

  test.each([
    ['offline', (world: QueueWorld) => write(world.db, 'setSettings', { change: { offline: true }, at: NOW })],
    [
      'paused',
      (world: QueueWorld) =>
        write(world.db, 'setSourceState', { source: WILDFIRE, change: { state: 'paused' }, at: NOON }),
    ],
    [
      'held back for rescans',
      (world: QueueWorld) =>
        write(world.db, 'pauseQueue', { source: WILDFIRE, purpose: 'rescan', paused: true, at: NOON }),
    ],
  ] as const)('queues nothing while %s, and uses no candidate up', (_case, hold) => {
    const world = queueWorld();
    overdue(world, { sha256: A });
    hold(world);
    expect(feed(world, [1])).toEqual({ queued: 0, looked: 0 });
  });
});

describe('what never leaves the machine', () => {
  test('is held while it is listed, to its expiry or for a day, and then asked about again', () => {
    for (const [expiresAt, until] of [
      [NOW + 3600, NOW + 3600],
      [NOW + 9 * DAYS, NOW + DAYS],
      [null, NOW + DAYS],
    ] as const) {
      const world = queueWorld();
      overdue(world, { sha256: A });
      list(world, A, expiresAt);
      expect([feed(world, [1]).queued, heldUntil(world, 1)]).toEqual([0, until]);
      world.pass(until * 1000 - NOON - 1000);
      expect(feed(world, [1]).queued).toBe(0);
      if (expiresAt === null) {
        unlist(world);
      }
      world.pass(1000);
      // One that lasts longer than a day is found again, and held for another day.
      expect(feed(world, [1]).queued).toBe(expiresAt === NOW + 9 * DAYS ? 0 : 1);
    }
  });

  test('is held while an intake under embargo has it', () => {
    const world = queueWorld();
    overdue(world, { sha256: A, md5: md5('a') });
    write(world.db, 'setEmbargoKeys', { intakeId: 3, digests: [{ kind: 'md5', bytes: packed([md5('a')]) }] });
    expect([feed(world, [1]).queued, heldUntil(world, 1)]).toEqual([0, NOW + DAYS]);
  });

  test('and was queued before it was listed comes back as new when the list lets it go', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 4 });
    // As it is made with queueing.
    world.db.exec(`INSERT OR IGNORE INTO files (id, sha256) VALUES (1, x'${A}');
      INSERT OR IGNORE INTO digest_keys VALUES (${digestKeyOfHex(A)}, 1);
      INSERT OR IGNORE INTO items (file_id, source, status, no_answer, created_at) VALUES (1, ${WILDFIRE}, 0, ${NOT_ASKED}, ${NOW})`);
    list(world, A, NOW + 600);
    expect(world.claim()).toMatchObject({ claim: { kind: 'empty' }, dropped: { 'hash-list': 1 } });
    expect(heldUntil(world, 1)).toBe(NOW + 600);
    expect(feed(world, [1], { purpose: 'new' }).queued).toBe(0);
    world.pass(600_000);
    expect(feed(world, [1]).queued).toBe(0);
    expect(feed(world, [1], { purpose: 'new' }).queued).toBe(1);
    expect(groups(world)).toContainEqual(['new', 1]);
    // Who takes it out now means it.
    write(world.db, 'cancelQueue', { at: world.now() });
    expect(feed(world, [1], { purpose: 'new' }).queued).toBe(0);
  });
});

test('a hash that was held unasked under a clock that was set back since is held no longer', () => {
  const world = queueWorld();
  world.enqueue([A]);
  world.setClock(900 * DAY);
  list(world, A, null);
  world.claim();
  unlist(world);
  world.setClock(-900 * DAY);
  expect(heldUntil(world, 1)).toBe(NOW + 901 * DAYS);
  expect(feed(world, [1], { purpose: 'new' }).queued).toBe(1);
});

test('a rescan under a clock that was set back is asked, though its last answer lies ahead', () => {
  const world = queueWorld();
  write(world.db, 'importItems', { items: [item({ sha256: A }, 'malicious', NOW + 900 * DAYS)], at: NOW });
  expect(feed(world, [1]).queued).toBe(1);
  expect(hashesOf(world.claimed())).toEqual([A]);
});
