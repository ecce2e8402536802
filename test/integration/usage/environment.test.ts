import { expect, test } from 'vitest';
import { createEnvironment } from '#main/services/usage/recording/environment.ts';
import { never } from '../cache/open-cache.ts';
import { hash, hashes, NOON, receivedWorld } from './received-world.ts';

test('entries of the hash list are in the environment while a kept intake holds one of their digests', async () => {
  const world = await receivedWorld();
  const { engine } = world;
  const opened: number[] = [];
  let steady = 0;
  const look = createEnvironment({
    database: engine.database,
    // Each look takes a second.
    timer: { steady: () => (steady += 500) },
    intakes: {
      packedDigests(id) {
        opened.push(id);
        return engine.intakes.packedDigests(id);
      },
    },
  });
  const told = async (at = NOON): Promise<unknown> => {
    const found = await look(at * 1000, never);
    return found?.values.map(({ detail, amount }) => [detail, amount]) ?? null;
  };
  const list = (side: 'malicious' | 'non-malicious', digests: object, expiresAt: number | null = null) =>
    engine.hashList.add({ side, groups: [digests], note: '', reason: '', expiresAt });
  const first = await world.drop([...hashes(0, 50), hash('md5', 70)]);
  await list('malicious', { sha256: hash('sha256', 3) });
  await list('malicious', { md5: hash('md5', 70), sha256: hash('sha256', 70) }, NOON + 60);
  await list('malicious', { sha256: hash('sha256', 99) });
  await list('non-malicious', { sha1: hash('sha1', 3) });
  expect(await told()).toEqual([['malicious', 2]]);
  expect(await told(NOON + 60)).toEqual([['malicious', 1]]);
  expect(opened).toEqual([first]);
  steady += 1e9;
  const second = await world.drop([hash('sha256', 99), hash('sha1', 3), hash('sha256', 3)]);
  expect(await told()).toEqual([
    ['malicious', 3],
    ['non-malicious', 1],
  ]);
  // Only the new one was looked into.
  expect(opened).toEqual([first, second]);
  await engine.intakes.forget(second);
  expect(await told()).toEqual([['malicious', 2]]);
  // It rests for some times as long as it took.
  const third = await world.drop([hash('sha256', 99)]);
  expect(await told()).toBeNull();
  await engine.intakes.forget(third);
  steady += 1e9;
  await list('non-malicious', { sha256: hash('sha256', 5) });
  expect(await told()).toEqual([
    ['malicious', 2],
    ['non-malicious', 1],
  ]);
  expect(opened).toEqual([first, second, first]);
});
