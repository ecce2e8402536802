import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import { SIMULATED_USER } from '#main/simulators/reversinglabs-titaniumcloud/api.ts';
import { createTitaniumCloudSimulator } from '#main/simulators/reversinglabs-titaniumcloud/simulator.ts';
import { conformance } from './conformance/conformance.ts';

const MINUTE_MS = 60_000;
/** A bare 429 is the day's quota until 00:00 UTC; a minute is added for clocks that differ. */
const DAY_QUOTA = { window: 'day', waitMs: 15 * 60 * MINUTE_MS + MINUTE_MS } as const;

conformance({
  provider: titaniumcloud,
  start: createTitaniumCloudSimulator,
  config: { options: { ...titaniumcloud.facts.defaults.options, username: SIMULATED_USER } },
  cannotTake: [],
  links: ['md5', 'sha1', 'sha256'],
  quota: { minute: { window: 'minute', waitMs: MINUTE_MS }, day: DAY_QUOTA, month: DAY_QUOTA },
  quotaUnsaid: DAY_QUOTA,
  testBills: 0,
  batch: {
    leaveOut: (simulator, hash) => simulator.say(hash, []),
    repeat(simulator, hash) {
      const named = { query_hash: { sha256: hash } };
      simulator.say(hash, [
        { ...named, status: 'KNOWN' },
        { ...named, status: 'MALICIOUS', threat_level: 5 },
      ]);
    },
  },
});
