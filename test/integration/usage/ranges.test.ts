import { afterEach, expect, test } from 'vitest';
import { panelDataSchema, type PanelRequest } from '#shared/contract/usage.ts';
import { calls } from '#shared/contract/index.ts';
import { changingWorld, DAY, START, type ChangingWorld } from '../history/changing-world.ts';

let world: ChangingWorld;
afterEach(() => world.dispose());

const FAR = Number.MAX_SAFE_INTEGER;

test.each<readonly [from: number, to: number]>([
  [0, 1],
  [0, DAY],
  [0, START],
  [START, START + 1],
  [START + 100 * DAY, START + 101 * DAY],
  [START - 3650 * DAY, START],
])('any range is answered as the contract says: %i to %i', async (from, to) => {
  world = await changingWorld();
  await world.engine.database.write('recordMetric', { kind: 'pairsSent', at: START - 10, source: 5, amount: 3 });
  for (const points of [1, 4000]) {
    for (const panel of ['outbound-items', 'total-items', 'coverage', 'latency'] as const) {
      const request: PanelRequest = { panel, from, to, points, compare: true };
      const data = await world.engine.handlers['usage.panel'](calls['usage.panel'].input.parse(request));
      expect(panelDataSchema.parse(data)).toEqual(data);
      expect([data.starts.length > 0, data.to >= to]).toEqual([true, true]);
    }
  }
});

test.each<readonly [from: number, to: number]>([
  [START, START],
  [START, START - 1],
  [0, FAR],
  [FAR - 5, FAR],
])('a range that is none is refused as one, also by exports: %i to %i', async (from, to) => {
  world = await changingWorld();
  const { handlers } = world.engine;
  const request = { format: 'html', from, to, panels: ['outbound-items'] };
  await expect(handlers['usage.export'](calls['usage.export'].input.parse(request))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  for (const call of ['usage.saved', 'usage.failures'] as const) {
    await expect(handlers[call]({ from, to })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
});
