import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import {
  closeSimulators,
  connect,
  DAY,
  HOUR,
  lifeDigests,
  live,
  openAt,
  scanList,
  startSimulators,
} from './life-world.ts';
import { createVirtualTime } from './virtual-time.ts';

test('an item nobody asks for goes by itself, and comes back when its hash does', async () => {
  const time = createVirtualTime(Date.UTC(2026, 10, 22, 12));
  const simulators = await startSimulators(['wildfire'], time);
  const faults: unknown[] = [];
  const engine = await openAt(temporaryDirectory(), time, faults);
  onTestFinished(async () => {
    await engine.dispose();
    await closeSimulators(simulators);
  });
  await engine.handlers['settings.set']({ removeItemDays: 30, rescanItemDays: null, notKnownDays: null });
  await connect(engine, simulators, { wildfire: { rescans: false } });
  const hashes = lifeDigests(0, 40);
  const statuses = async (): Promise<Record<string, string>> => {
    const { results } = await engine.lookup.find(hashes.join(' '));
    return Object.fromEntries(
      results.flatMap(({ hash, sources }) =>
        sources.flatMap(({ item }) => (item === null ? [] : [[hash, item.status]])),
      ),
    );
  };
  const stop = engine.outbound.seek();
  const intakeId = await scanList(engine, hashes);
  await live(engine, time, time.now() + HOUR);
  await engine.intakes.forget(intakeId);
  const before = await statuses();
  await live(engine, time, time.now() + 32 * DAY, { idleStep: DAY / 2 });
  const { itemsByStatus } = await engine.cache.stats();
  const malicious = Object.values(before).filter((status) => status === 'malicious').length;
  expect(malicious).toBeLessThan(Object.keys(before).length);
  expect(itemsByStatus).toEqual(malicious === 0 ? {} : { malicious });
  for (const hash of hashes) {
    await engine.lookup.ask(hash, ['wildfire'], false);
  }
  await live(engine, time, time.now() + HOUR);
  expect(await statuses()).toEqual(before);
  expect(faults).toEqual([]);
  expect(await engine.cache.verify(() => undefined)).toMatchObject({ ok: true });
  await stop();
});
