import { expect, test } from 'vitest';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import { reads } from '#main/db/repositories/index.ts';
import { item, md5, queueWorld, sha256, write, type QueueWorld } from '../queue/world.ts';

function stored(world: QueueWorld, digests: ItemRecord['digests']): number[] {
  write(world.db, 'importItems', { items: [item(digests, 'malicious', 100)], at: 100 });
  return reads.filesByDigest(world.db, { hash: digests.sha256 ?? digests.md5 ?? '' }).map(({ id }) => id);
}

test('the id of a file that was merged into another one is not given to the next file', () => {
  const world = queueWorld();
  const [first] = stored(world, { md5: md5('a') });
  const [second] = stored(world, { sha256: sha256('a') });
  expect([first, second]).toEqual([1, 2]);
  expect(stored(world, { md5: md5('a'), sha256: sha256('a') })).toEqual([1]);
  expect(stored(world, { sha256: sha256('b') })).toEqual([3]);
});
