import { describe } from 'vitest';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import {
  createRecordedFutureSimulator,
  type RecordedFutureSimulator,
} from '#main/simulators/recorded-future/simulator.ts';
import { conformance } from './conformance/conformance.ts';
import { bySingleCall } from './conformance/single.ts';
import type { SourceUnderTest } from './conformance/source-under-test.ts';

const MINUTE_MS = 60_000;
/** A 403 about credits is the day's, at any time until 00:00 UTC; a minute is added for clocks that differ. */
const DAY_QUOTA = { window: 'day', waitMs: 15 * 60 * MINUTE_MS + MINUTE_MS } as const;
const { defaults } = recordedFuture.facts;

const common: SourceUnderTest<RecordedFutureSimulator> = {
  provider: recordedFuture,
  start: createRecordedFutureSimulator,
  cannotTake: [],
  links: ['md5', 'sha1', 'sha256'],
  quota: { minute: { window: 'minute', waitMs: MINUTE_MS }, day: DAY_QUOTA, month: DAY_QUOTA },
  testBills: 1,
  batch: null,
};

describe.each(['soar-v2', 'soar-v3'])('in bulk by %s', (bulkPath) => {
  conformance({
    ...common,
    config: { options: { ...defaults.options, bulkPath } },
    links: 'asked',
    says: {
      'non-malicious': { outcome: 'not-known', status: 'unknown' },
      pending: { outcome: 'answer', status: 'unknown' },
    },
    batch: {
      leftOut: 'not-known',
      leaveOut: (simulator, hash) => simulator.say(hash, { entries: [] }),
      repeat(simulator, hash) {
        const entity = { id: `hash:${hash}`, name: hash, type: 'Hash' };
        simulator.say(hash, {
          entries: [
            { entity, risk: { score: 30, level: 2 } },
            { entity, risk: { score: 91, level: 4 } },
          ],
        });
      },
    },
  });
});

const single = {
  ...common,
  says: {
    'non-malicious': { outcome: 'answer', status: 'unknown' },
    pending: { outcome: 'answer', status: 'unknown' },
  },
} as const;

describe('one by one, without the right to ask in bulk', () => {
  conformance({
    ...single,
    config: { options: { ...defaults.options, bulkPath: 'single' }, hashesPerRequest: 1 },
    most: 1,
  });
});

describe('a single look-up beside bulk', () => {
  conformance(bySingleCall(single));
});
