import { describe } from 'vitest';
import { a1000 } from '#main/providers/reversinglabs-a1000/index.ts';
import type { SimulatorOptions } from '#main/simulators/port.ts';
import { createA1000Simulator, type A1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
import { conformance } from './conformance/conformance.ts';
import { bySingleCall } from './conformance/single.ts';
import { file } from './conformance/stage.ts';

const MINUTE_MS = 60_000;
/** Cloud look-ups begin anew at 00:01 UTC. */
const CLOUD_DAY = { window: 'day', waitMs: 15 * 60 * MINUTE_MS + MINUTE_MS } as const;
const NEVER = { window: null, waitMs: null } as const;
const common = {
  provider: a1000,
  cannotTake: [],
  links: ['md5', 'sha1', 'sha256'],
  wrongKeyStatus: 403,
  testSeesNoQuota: true,
  testBills: 0,
} as const;

describe('the list of the appliance', () => {
  conformance({
    ...common,
    start: createA1000Simulator,
    isUnlimited: true,
    quota: { minute: NEVER, day: NEVER, month: NEVER },
    batch: {
      leftOut: 'not-known',
      leaveOut: (simulator, hash) => simulator.say(hash, { isLeftOut: true }),
      repeat: (simulator, hash) =>
        simulator.say(hash, { again: [{ classification: 'malicious', riskscore: 9 }], local: 'goodware' }),
    },
  });
});

describe('a single look-up on the appliance', () => {
  conformance(
    bySingleCall({
      ...common,
      start: createA1000Simulator,
      isUnlimited: true,
      quota: { minute: NEVER, day: NEVER, month: NEVER },
    }),
  );
});

describe('a single look-up in the cloud', () => {
  conformance(
    bySingleCall({
      ...common,
      start: cloudOnly,
      config: { options: { reach: 'appliance-and-cloud' } },
      // Nothing waits for a verdict in the cloud.
      says: { pending: { outcome: 'not-known', status: 'unknown' } },
      quota: { minute: CLOUD_DAY, day: CLOUD_DAY, month: CLOUD_DAY },
      quotaUnsaid: CLOUD_DAY,
    }),
  );
});

/** An appliance without a file: whatever is known, its cloud knows. */
async function cloudOnly(options: SimulatorOptions): Promise<A1000Simulator> {
  const simulator = await createA1000Simulator(options);
  simulator.knowInCloud({ ...file(1), status: 'malicious' });
  return { ...simulator, know: (known) => simulator.knowInCloud(known) };
}
