import { expect, test } from 'vitest';
import { hashesOf, item, NOON, queueWorld, sha256, VIRUSTOTAL, WILDFIRE } from './world.ts';

test('a hash goes from the queue to a request to an item, once', () => {
  const world = queueWorld();
  const hashes = [sha256('a'), sha256('b'), sha256('c')];
  expect(world.enqueue(hashes)).toEqual({ queued: 3, alreadyQueued: 0 });
  expect(world.enqueue([...hashes, hashes[0] as string])).toEqual({ queued: 0, alreadyQueued: 4 });
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
