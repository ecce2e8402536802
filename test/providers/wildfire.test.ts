import { wildfire } from '#main/providers/wildfire/index.ts';
import { createWildFireSimulator } from '#main/simulators/wildfire/simulator.ts';
import { conformance } from './conformance/conformance.ts';

const MINUTE_MS = 60_000;
/** 419 is the day's limit, at any time until 00:00 UTC; a minute is added for clocks that differ. */
const DAY_QUOTA = { window: 'day', waitMs: 15 * 60 * MINUTE_MS + MINUTE_MS } as const;

conformance({
  provider: wildfire,
  start: createWildFireSimulator,
  cannotTake: ['sha1'],
  links: ['md5', 'sha256'],
  quota: { minute: { window: 'minute', waitMs: MINUTE_MS }, day: DAY_QUOTA, month: DAY_QUOTA },
  testBills: 1,
  batch: {
    leaveOut: (simulator, hash) => simulator.say(hash, []),
    repeat(simulator, hash) {
      const named = { sha256: hash, md5: '' };
      simulator.say(hash, [
        { ...named, verdict: '0' },
        { ...named, verdict: '1' },
      ]);
    },
  },
});
