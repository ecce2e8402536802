import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hash, hashes, NOON, receivedWorld } from './received-world.ts';

const intakes = (minutes: number, hours: number, days: number): unknown => ({
  minutes: { intakes: minutes },
  hours: { intakes: hours },
  days: { intakes: days },
});

test('a hash counts once in its minute, hour and day, however many lists bring it', async () => {
  const world = await receivedWorld();
  await world.drop([...hashes(0, 10), ...hashes(0, 5)]);
  expect(await world.received()).toEqual(intakes(10, 10, 10));
  await world.drop(hashes(5, 12));
  expect(await world.received()).toEqual(intakes(12, 12, 12));
  world.setClock(NOON + 60);
  await world.drop(hashes(5, 13));
  expect(await world.received()).toEqual(intakes(20, 13, 13));
  world.setClock(NOON + 3_600);
  await world.drop(hashes(12, 14));
  expect(await world.received()).toEqual(intakes(22, 15, 14));
  world.setClock(NOON + 86_400);
  await world.drop(hashes(0, 14));
  expect(await world.received()).toEqual(intakes(36, 29, 28));
});

test('kinds are told apart, a row with several digests counts by the strongest', async () => {
  const world = await receivedWorld();
  await world.drop([hash('md5', 1), hash('sha1', 1), hash('sha256', 1)]);
  expect((await world.received()).days).toEqual({ intakes: 3 });
  await world.drop([`md5,sha256`, `${hash('md5', 2)},${hash('sha256', 2)}`, `${hash('md5', 1)},${hash('sha256', 1)}`]);
  expect((await world.received()).days).toEqual({ intakes: 4 });
});

test('look-ups count by their own door what no list brought, and the other way round', async () => {
  const world = await receivedWorld();
  await world.drop(hashes(0, 5));
  await world.look(hash('sha256', 3));
  await world.look([hash('sha256', 7), hash('md5', 7), hash('sha256', 7)].join(' '));
  expect(await world.received()).toEqual({
    minutes: { intakes: 5, 'look-ups': 2 },
    hours: { intakes: 5, 'look-ups': 2 },
    days: { intakes: 5, 'look-ups': 2 },
  });
  world.setClock(NOON + 120);
  await world.look(hash('sha256', 7));
  await world.look(hash('sha256', 4));
  await world.drop([hash('sha256', 7), hash('sha256', 8)]);
  // The list was counted first: what was looked up in the same minute it brought as well.
  expect(await world.received()).toEqual({
    minutes: { intakes: 7, 'look-ups': 3 },
    hours: { intakes: 6, 'look-ups': 2 },
    days: { intakes: 6, 'look-ups': 2 },
  });
  await world.look(hash('sha256', 7));
  expect((await world.received()).minutes).toEqual({ intakes: 7, 'look-ups': 3 });
});

test('whoever counts, and however many at once, a hash counts once', async () => {
  const world = await receivedWorld();
  const other = await world.another();
  await Promise.all([world.drop(hashes(0, 4_000)), world.drop(hashes(2_000, 6_000), other)]);
  await world.look(hash('sha256', 1), other);
  await world.look(hash('sha256', 9_999));
  await Promise.all([world.received(), world.received(other), world.received(), world.received(other)]);
  expect(await world.received()).toEqual({
    minutes: { intakes: 6_000, 'look-ups': 1 },
    hours: { intakes: 6_000, 'look-ups': 1 },
    days: { intakes: 6_000, 'look-ups': 1 },
  });
});

test('what was not counted when its process ended is counted at the next chance', async () => {
  const world = await receivedWorld();
  await world.drop(hashes(0, 10));
  await world.look(hash('sha256', 11));
  await world.engine.dispose();
  world.setClock(NOON + 5 * 86_400);
  const next = await world.another();
  expect((await world.received(next)).days).toEqual({ intakes: 10, 'look-ups': 1 });
  const sums = await next.database.read('metricSums', {
    kinds: ['inboundMinute'],
    from: 0,
    to: 4e9,
    stepSeconds: 60,
    level: 0,
  });
  expect(new Set(sums.map(({ bucket }) => bucket))).toEqual(new Set([NOON]));
});

test('an intake that cannot be read any more counts with all it brought; one that is forgotten counts again', async () => {
  const world = await receivedWorld();
  const id = await world.drop(hashes(0, 10));
  rmSync(join(world.directory, 'intakes', String(id)), { recursive: true });
  await world.drop(hashes(0, 3));
  expect((await world.received()).days).toEqual({ intakes: 13 });
  const second = await world.drop(hashes(20, 30));
  await world.received();
  await world.engine.intakes.forget(second);
  await world.drop(hashes(20, 25));
  expect((await world.received()).days).toEqual({ intakes: 28 });
  await world.engine.intakes.forget(await world.drop(hashes(40, 45)));
  expect((await world.received()).days).toEqual({ intakes: 33 });
});
