import { join } from 'node:path';
import { expect, it } from 'vitest';
import { soak, type SoakPlan } from '../../soak/soak.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';

it('owners that are killed lose nothing, and are replaced at once', async () => {
  const plan: SoakPlan = {
    directory: join(temporaryDirectory(), 'data'),
    seed: 11,
    minuteMs: 1_500,
    faultShare: 0.05,
    latencyMs: { least: 20, most: 60 },
    kills: { least: 700, most: 1_000, atMost: 3 },
    sources: {
      wildfire: { hashes: 240, perMinute: 20, change: { hashesPerRequest: 4, concurrency: 2, timeoutSeconds: 2 } },
      virustotal: { hashes: 60, perMinute: 20, change: { concurrency: 3, timeoutSeconds: 2 } },
    },
    patienceMs: 60_000,
    say: () => undefined,
  };
  const result = await soak(plan);
  expect(result.kills).toBeGreaterThan(0);
  expect(result.slowestTakeOver).toBeLessThan(3_000);
  for (const [source, found] of result.outcomes) {
    const { wrong, missing, unrecorded, lost, arrived, reserved } = found;
    expect({ source, wrong, missing, unrecorded }).toEqual({ source, wrong: [], missing: [], unrecorded: [] });
    expect(arrived).toBeLessThanOrEqual(reserved);
    expect(lost).toBeLessThanOrEqual(result.kills * (plan.sources[source]?.change.concurrency ?? 0));
  }
  for (const [source, { most, limit, refused }] of result.rates) {
    expect({ source, isOver: most > limit, refused }).toEqual({ source, isOver: false, refused: 0 });
  }
});
