import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NotificationText } from '#main/platform/notifications.ts';
import { startTellingFlips } from '#main/services/history/tell-flips.ts';
import { createSettings } from '#main/settings/settings.ts';
import { digestOf } from '#test/bench/data.ts';
import { changingWorld, DAY, type ChangingWorld } from './changing-world.ts';

const FIRST = digestOf('file', 1);
const SECOND = digestOf('file', 2);
/** Long enough for changes that follow one another without a pause. */
const GATHER_MS = 150;

let world: ChangingWorld;
let shown: NotificationText[];
let stop: () => Promise<void>;

beforeEach(async () => {
  world = await changingWorld();
  shown = [];
  await world.says('wildfire', 'non-malicious', [FIRST]);
  await world.says('wildfire', 'malicious', [SECOND]);
  world.later(DAY);
  stop = tell();
});
afterEach(async () => {
  await stop();
  await world.dispose();
});

function tell(): () => Promise<void> {
  const { database, history } = world.engine;
  return startTellingFlips({
    database,
    history,
    settings: createSettings(database, { now: () => world.now() * 1000 }),
    notifications: { show: (text) => void shown.push(text) },
    gatherMs: GATHER_MS,
    onFault: (error) => {
      throw error;
    },
  });
}

it('tells several flips as one, with the lists they touch and no hash', async () => {
  await stop();
  await world.keep('host 12', [FIRST]);
  await world.keep('host 13', [FIRST, SECOND]);
  await world.keep('host 14', [SECOND]);
  await world.says('wildfire', 'malicious', [FIRST]);
  await world.says('wildfire', 'non-malicious', [SECOND]);
  stop = tell();
  await expect
    .poll(() => shown)
    .toEqual([
      {
        title: '1 file turned malicious, 1 file no longer malicious',
        body: 'WildFire. In host 13, host 12 and 1 more list.',
      },
    ]);
  expect(JSON.stringify(shown)).not.toMatch(/[0-9a-f]{32}/);
});

it('tells each flip once, also after the next start', async () => {
  await world.says('wildfire', 'malicious', [FIRST]);
  await expect.poll(() => shown.length).toBe(1);
  await stop();
  stop = tell();
  await world.says('wildfire', 'non-malicious', [SECOND]);
  await expect
    .poll(() => shown.map(({ title }) => title))
    .toEqual(['1 file turned malicious', '1 file no longer malicious']);
  expect(shown[0]?.body).toBe('WildFire. In no list that is kept.');
});

it('tells nothing that somebody has looked at', async () => {
  await stop();
  await world.says('wildfire', 'malicious', [FIRST]);
  await world.engine.history.seen(null);
  await world.says('wildfire', 'non-malicious', [SECOND]);
  stop = tell();
  await expect.poll(() => shown.map(({ title }) => title)).toEqual(['1 file no longer malicious']);
});

it('tells nothing while the setting is off, and nothing of that time later', async () => {
  await world.engine.handlers['settings.set']({ tellFlips: false });
  await world.says('wildfire', 'malicious', [FIRST]);
  const told = () => world.engine.database.read('valueOfMeta', { key: 'flips_told' });
  await expect.poll(told).not.toBeNull();
  await world.engine.handlers['settings.set']({ tellFlips: true });
  await world.says('wildfire', 'non-malicious', [SECOND]);
  await expect.poll(() => shown.map(({ title }) => title)).toEqual(['1 file no longer malicious']);
});
