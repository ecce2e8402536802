import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareBoard, createComparison } from '../../soak/quarter/compare.ts';
import { lookAtGauges } from '../../soak/quarter/look.ts';
import { quarter } from '../../soak/quarter/quarter.ts';
import { requestCount } from '../life/life-world.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';

/** Days with lists, look-ups, faults, kills, a swap of owners, a clock set back and forward; `npm run soak -- --quarter` lives 92. */
test('the board of some days in two processes equals the logs of the simulators', async () => {
  const result = createComparison();
  const looks = { compared: 0, skipped: 0 };
  const plan = {
    directory: join(temporaryDirectory(), 'data'),
    seed: 7,
    days: 3,
    faultShare: 0.05,
    kills: 3,
    say: () => undefined,
  };
  const { faults, world } = await quarter(plan, {
    compare: (lived) => compareBoard(lived, result),
    look: (lived) => lookAtGauges(lived, result, looks),
  });
  expect([...result.wrong]).toEqual([]);
  expect(faults).toEqual([]);
  expect(requestCount(world.simulators)).toBeGreaterThan(100);
  expect(world.killed).toHaveLength(plan.kills);
  expect(looks.compared).toBeGreaterThan(0);
});
