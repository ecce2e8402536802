import { describe, expect, test } from 'vitest';
import { NO_ANSWER_CODE, NOT_ASKED } from '#main/db/codes.ts';
import { filesByKey } from '#main/db/repositories/evidence.ts';
import {
  claimArgs,
  DAY,
  item,
  md5,
  NOON,
  queueWorld,
  sha1,
  sha256,
  VIRUSTOTAL,
  WILDFIRE,
  write,
  type QueueWorld,
} from '../queue/world.ts';

const NOW = NOON / 1000;
const A = sha256('a');
const B = sha256('b');

const rows = (world: QueueWorld) =>
  world.db
    .prepare('SELECT file_id, source, status, no_answer, created_at FROM items ORDER BY file_id, source')
    .raw()
    .all();
const counters = (world: QueueWorld) =>
  Object.fromEntries(world.db.prepare('SELECT name, amount FROM counters WHERE amount <> 0').raw().all() as []);
const sound = (world: QueueWorld) => expect(world.reads.verifyTables(world.db)).toEqual([]);

/** Claims what is queued and settles it with these items. */
function answer(world: QueueWorld, ...items: ReturnType<typeof item>[]): void {
  const claim = world.claimed({ source: items[0]?.source ?? WILDFIRE });
  world.settle(claim, { items });
}

describe('an item exists from queueing', () => {
  test('of a file that is made for it, is unknown, and says nothing', () => {
    const world = queueWorld();
    const since = world.reads.lastSeq(world.db);
    expect(world.enqueue([A, B])).toEqual({ queued: 2, alreadyQueued: 0, notMade: 0 });
    expect(rows(world)).toEqual([
      [1, WILDFIRE, 0, NOT_ASKED, NOW],
      [2, WILDFIRE, 0, NOT_ASKED, NOW],
    ]);
    expect(world.reads.itemsOfFile(world.db, { fileId: 1 })).toEqual([]);
    expect(world.reads.itemsPage(world.db, { afterFile: 0, afterSource: 0, limit: 9 })).toEqual([]);
    expect(counters(world)).toEqual({ files: 2, digests: 2, 'items:1:0': 2, 'unasked:1': 2 });
    const kinds = world.reads.changesSince(world.db, { since, limit: 9 }).map(({ kind }) => kind);
    expect(kinds).toEqual([7]);
    expect(world.reads.sourceCounts(world.db)).toMatchObject([{ items: 2, processed: 0, new: 2 }]);
    sound(world);
  });

  test('for each source, and for a digest that is named twice once', () => {
    const world = queueWorld();
    world.enqueue([A, A]);
    world.enqueue([A], { source: VIRUSTOTAL });
    expect(rows(world).map((row) => (row as number[]).slice(0, 2))).toEqual([
      [1, WILDFIRE],
      [1, VIRUSTOTAL],
    ]);
    sound(world);
  });

  test('of the file that is known under another digest', () => {
    const world = queueWorld();
    const digests = { sha256: A, md5: md5('a'), sha1: sha1('a') };
    write(world.db, 'importItems', { items: [item(digests, 'malicious', NOW, { source: VIRUSTOTAL })], at: NOW });
    world.enqueue([md5('a')], { kind: 'md5' });
    world.enqueue([A]);
    expect(rows(world)).toEqual([
      [1, WILDFIRE, 0, NOT_ASKED, NOW],
      [1, VIRUSTOTAL, 4, null, NOW],
    ]);
    sound(world);
  });

  test('not where a digest stands for several files, nor where the source answered already', () => {
    const world = queueWorld();
    const pair = [
      item({ md5: md5('x'), sha256: A }, 'malicious', NOW),
      item({ md5: md5('x'), sha256: B }, 'pending', NOW),
    ];
    write(world.db, 'importItems', { items: pair, at: NOW });
    expect(world.enqueue([md5('x')], { kind: 'md5', mostNew: 0 })).toMatchObject({ queued: 1, notMade: 0 });
    world.enqueue([A]);
    expect(rows(world)).toHaveLength(2);
    expect(filesByKey(world.db, Number.parseInt(md5('x').slice(0, 12), 16))).toHaveLength(2);
    sound(world);
  });

  test('and stays, never asked, when its hash leaves the queue unasked', () => {
    const world = queueWorld();
    world.enqueue([A], { intakeId: 4 });
    write(world.db, 'cancelQueue', { intakeId: 4, at: NOON });
    expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 0, onTheWay: 0 });
    expect(rows(world)).toEqual([[1, WILDFIRE, 0, NOT_ASKED, NOW]]);
    world.pass(DAY);
    expect(world.enqueue([A])).toMatchObject({ queued: 1 });
    expect(rows(world)).toEqual([[1, WILDFIRE, 0, NOT_ASKED, NOW]]);
    sound(world);
  });
});

describe('the first answer', () => {
  test.each([
    ['an answer', item({ sha256: A }, 'malicious', NOW + 60, { score: 3 }), [4, null]],
    ['"does not know"', item({ sha256: A }, 'unknown', NOW + 60, { noAnswer: NO_ANSWER_CODE['not-known'] }), [0, 1]],
    ['that it could not be asked', item({ sha256: A }, 'unknown', NOW + 60, { noAnswer: 2, rawCode: 'why' }), [0, 2]],
  ])('takes its place: %s, and is no change of what was said', (_name, said, stored) => {
    const world = queueWorld();
    world.enqueue([A]);
    world.pass(60_000);
    answer(world, said);
    expect(rows(world)).toEqual([[1, WILDFIRE, ...stored, NOW]]);
    expect(world.db.prepare('SELECT since, scanned_at FROM items').get()).toEqual({
      since: NOW + 60,
      scanned_at: NOW + 60,
    });
    expect(counters(world)).not.toHaveProperty('unasked:1');
    expect(world.reads.lastHistoryId(world.db)).toBe(0);
    sound(world);
  });

  test('may be imported, and is counted as new', () => {
    const world = queueWorld();
    world.enqueue([A]);
    const old = item({ sha256: A }, 'suspicious', 5);
    const counts = write(world.db, 'importItems', { items: [old], at: NOW + 1 });
    expect(counts).toMatchObject({ imported: 1, updated: 0, unchanged: 0 });
    expect(rows(world)).toEqual([[1, WILDFIRE, 3, null, NOW]]);
    expect(world.claim().claim.kind).toBe('request');
    sound(world);
  });

  test('may name digests by which another item was queued: one item is left', () => {
    const world = queueWorld();
    world.enqueue([A]);
    world.enqueue([md5('a')], { kind: 'md5' });
    expect(rows(world)).toHaveLength(2);
    const claim = world.claimed({ hashesPerRequest: 1 });
    world.settle(claim, { items: [item({ sha256: A, md5: md5('a') }, 'non-malicious', NOW)] });
    expect(rows(world)).toEqual([[1, WILDFIRE, 2, null, NOW]]);
    expect(counters(world)).toEqual({ files: 1, digests: 2, 'items:1:2': 1 });
    sound(world);
  });
});

describe('room for new items', () => {
  test('is kept to: what would need one more is not queued and not made, everything else is', () => {
    const world = queueWorld();
    write(world.db, 'importItems', { items: [item({ sha256: B }, 'pending', 5)], at: NOW });
    world.enqueue([sha256('waits')]);
    const hashes = [sha256(1), sha256(2), sha256(3), B, sha256('waits')];
    expect(world.enqueue(hashes, { mostNew: 2 })).toEqual({ queued: 3, alreadyQueued: 1, notMade: 1 });
    expect(counters(world)).toMatchObject({ files: 4, 'unasked:1': 3 });
    const queued = world.db.prepare('SELECT lower(hex(digest)) FROM queue ORDER BY id').pluck().all();
    expect(queued).toEqual([sha256('waits'), sha256(1), sha256(2), B]);
    sound(world);
  });
});

test('the first answer of an item that was made before takes no room of an import', () => {
  const world = queueWorld();
  world.enqueue([A]);
  const items = [A, B, sha256('c')].map((hash) => item({ sha256: hash }, 'malicious', NOW));
  expect(write(world.db, 'importItems', { items, at: NOW, mostNew: 1 })).toEqual({
    imported: 2,
    updated: 0,
    unchanged: 0,
    notMade: 1,
  });
  sound(world);
});

test('many hashes are queued in several transactions, and the room holds for all of them', () => {
  const world = queueWorld();
  const hashes = Array.from({ length: 6000 }, (_, n) => sha256(n));
  const since = world.reads.lastSeq(world.db);
  expect(world.enqueue(hashes, { mostNew: 5000 })).toEqual({ queued: 5000, alreadyQueued: 0, notMade: 1000 });
  // One change a transaction.
  expect(world.reads.changesSince(world.db, { since, limit: 99 }).length).toBeGreaterThan(1);
  expect(counters(world)).toEqual({ files: 5000, digests: 5000, 'items:1:0': 5000, 'unasked:1': 5000 });
  expect(world.enqueue(hashes)).toEqual({ queued: 1000, alreadyQueued: 5000, notMade: 0 });
  sound(world);
});

test('a person or a new list asks for an item on that day, a rescan does not', () => {
  const world = queueWorld();
  const day = () => world.db.prepare('SELECT asked_day FROM items').pluck().get();
  const today = () => Math.floor(world.now() / DAY);
  world.enqueue([A]);
  expect(day()).toBeNull();
  for (const [purpose, isAsked] of [
    ['rescan', false],
    ['new', true],
    ['recheck', false],
    ['person', true],
  ] as const) {
    write(world.db, 'cancelQueue', { at: world.now() });
    const before = day();
    world.pass(DAY);
    world.enqueue([A], { purpose });
    expect([purpose, day()]).toEqual([purpose, isAsked ? today() : before]);
  }
  world.setClock(-9 * DAY);
  world.enqueue([A], { purpose: 'person' });
  expect(day()).toBeGreaterThan(today());
});

test('when a source could not be asked again, its answer stays and is not asked for again at once', () => {
  const world = queueWorld();
  world.enqueue([A]);
  answer(world, item({ sha256: A }, 'malicious', NOW));
  world.enqueue([A], { force: true });
  answer(world, item({ sha256: A }, 'unknown', NOW, { noAnswer: 2, rawCode: 'Busy.', notBefore: NOW + 600 }));
  const stored = () => world.db.prepare('SELECT status, no_answer, raw_code, next_scan_at FROM items').raw().get();
  expect(stored()).toEqual([4, null, null, NOW + 600]);
  const reason = { kind: 'sha256', digests: Buffer.from(A, 'hex'), reason: 'No key.', at: NOON } as const;
  write(world.db, 'putCouldNotAsk', { source: WILDFIRE, ...reason });
  expect(stored()).toEqual([4, null, null, NOW + 600]);
  expect(world.claim(claimArgs(NOON, 0)).claim.kind).toBe('empty');
});
