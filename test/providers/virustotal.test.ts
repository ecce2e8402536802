import { virustotal } from '#main/providers/virustotal/index.ts';
import { createVirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { conformance } from './conformance/conformance.ts';

const MINUTE_MS = 60_000;
/** A 429 names no window: it is taken for the minute. */
const SOME_QUOTA = { window: 'minute', waitMs: MINUTE_MS } as const;

conformance({
  provider: virustotal,
  start: createVirusTotalSimulator,
  cannotTake: [],
  links: ['md5', 'sha1', 'sha256'],
  quota: { minute: SOME_QUOTA, day: SOME_QUOTA, month: SOME_QUOTA },
  testBills: 0,
  batch: null,
});
