import { describe, expect, test } from 'vitest';
import { hashesOf, item, NO_LIMITS, NOON, queueWorld, sha256, VIRUSTOTAL, WILDFIRE } from './world.ts';

test('a hash goes from the queue to a request to an item, once', () => {
  const world = queueWorld();
  const hashes = [sha256('a'), sha256('b'), sha256('c')];
  expect(world.enqueue(hashes)).toEqual({ queued: 3, alreadyQueued: 0, notMade: 0 });
  expect(world.enqueue([...hashes, hashes[0] as string])).toEqual({ queued: 0, alreadyQueued: 4, notMade: 0 });
  const claim = world.claimed();
  expect(hashesOf(claim)).toEqual(hashes);
  expect(claim.billed).toBe(1);
  expect(world.claim()).toEqual({ claim: { kind: 'empty' }, dropped: {} });
  const items = hashes.map((hash) => [item({ sha256: hash }, 'malicious', NOON / 1000)]);
  expect(
    world.settle(
      claim,
      {},
      {
        rows: claim.rows.map(({ id }, index) => ({
          queueId: id,
          outcome: 'answer',
          next: 'done',
          notBefore: 0,
          reason: null,
          items: items[index] ?? [],
          countAttempt: true,
        })),
      },
    ),
  ).toBe(3);
  expect(world.claim().claim).toEqual({ kind: 'empty' });
  expect(world.reads.sourceCounts(world.db)).toEqual([
    { source: WILDFIRE, items: 3, processed: 3, malicious: 3, new: 0, rescanning: 0 },
  ]);
  expect(world.reads.verifyTables(world.db)).toEqual([]);
});

test('the most urgent purpose goes first and lower ones fill the batch', () => {
  const world = queueWorld();
  world.enqueue([sha256('rescan')], { purpose: 'rescan', force: true });
  world.enqueue([sha256('new 1'), sha256('new 2')]);
  world.enqueue([sha256('person')], { purpose: 'person' });
  const claim = world.claimed({ hashesPerRequest: 3 });
  expect(hashesOf(claim)).toEqual([sha256('person'), sha256('new 1'), sha256('new 2')]);
  expect(claim.rows.map((row) => row.purpose)).toEqual(['person', 'new', 'new']);
  expect(hashesOf(world.claimed())).toEqual([sha256('rescan')]);
});

test('sources have queues of their own', () => {
  const world = queueWorld();
  world.enqueue([sha256('a')]);
  world.enqueue([sha256('a')], { source: VIRUSTOTAL });
  expect(hashesOf(world.claimed({ source: VIRUSTOTAL }))).toEqual([sha256('a')]);
  expect(hashesOf(world.claimed())).toEqual([sha256('a')]);
});

test('what is queued already is counted as a call that was not needed, in the queue alone', () => {
  const world = queueWorld();
  const avoided = () => world.reads.avoidedSince(world.db, { at: NOON });
  world.enqueue([sha256('a'), sha256('b')]);
  expect(avoided()).toEqual({});
  world.enqueue([sha256('a'), sha256('b'), sha256('c')], { intakeId: 7 });
  world.enqueue([sha256('c')], { source: VIRUSTOTAL });
  expect(avoided()).toEqual({ queued: 2 });
  const claim = world.claimed({ hashesPerRequest: 1 });
  world.enqueue(hashesOf(claim), { purpose: 'person' });
  expect(avoided()).toEqual({ queued: 3 });
});

describe('a person who asks now', () => {
  test.each([
    ['a row that failed', { outcome: 'transient', next: 'retry' }, 1],
    // Rechecks count as tries of a kind of their own: with a person waiting none has failed yet.
    ['a pending answer', { outcome: 'pending', next: 'recheck' }, 0],
  ] as const)('does not wait for the time of %s', (_what, row, attempts) => {
    const world = queueWorld();
    const pending = item({ sha256: sha256('a') }, 'pending', NOON / 1000);
    world.enqueue([sha256('a')], { intakeId: 7 });
    world.settle(world.claimed(), {
      ...row,
      notBefore: NOON + 600_000,
      reason: 'Wait.',
      items: row.next === 'recheck' ? [pending] : [],
    });
    expect(world.claim().claim).toMatchObject({ kind: 'wait', until: NOON + 600_000 });
    world.enqueue([sha256('a')], { purpose: 'person' });
    expect(world.claimed().rows).toMatchObject([{ purpose: 'person', attempts }]);
  });

  test('waits for the source all the same', () => {
    const world = queueWorld();
    world.enqueue([sha256('a')]);
    world.settle(world.claimed(), { outcome: 'transient', next: 'retry', notBefore: NOON + 600_000 });
    world.enqueue([sha256('a')], { purpose: 'person' });
    expect(world.claim({ limits: { ...NO_LIMITS, minute: 1 } }).claim).toMatchObject({ kind: 'wait', why: 'minute' });
  });
});

test('a list that holds a pending hash waits for its time with it, and the recheck is not lost', () => {
  const world = queueWorld();
  world.enqueue([sha256('a')], { intakeId: 7 });
  const pending = item({ sha256: sha256('a') }, 'pending', NOON / 1000);
  world.settle(world.claimed(), { outcome: 'pending', next: 'recheck', notBefore: NOON + 900_000, items: [pending] });
  world.enqueue([sha256('a')], { intakeId: 8 });
  world.enqueue([sha256('a')], { intakeId: 7 });
  expect(world.reads.queueDepth(world.db, { purpose: 'new' })).toEqual({ waiting: 0, onTheWay: 0 });
  world.pass(900_000);
  expect(world.claimed().rows).toMatchObject([{ purpose: 'recheck' }]);
});
