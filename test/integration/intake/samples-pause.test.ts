import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { PauseSwitch } from '#main/services/intake/reading/pause-switch.ts';
import { temporaryFolder } from './intake-bench.ts';
import { isAmongGiants, treeWithTwoGiants } from './sample-tree.ts';

test.each(['inline', 'workers'] as const)('paused (%s) nothing is read until it goes on', async (threads) => {
  const database = await openInlineDatabase(temporaryFolder());
  const intakes = await createIntakes(database, { threads, clock: systemClock, readBy: 'assay test' });
  onTestFinished(async () => {
    await intakes.dispose();
    await database.close();
  });
  const pause = new PauseSwitch();
  const stop = new AbortController();
  const paused = Promise.withResolvers<void>();
  let bytes = 0;
  const { finished } = await intakes.start(
    { door: 'window', inputs: [{ kind: 'path', path: treeWithTwoGiants() }], reading: { as: 'auto' }, pause },
    (progress) => {
      bytes = progress.bytesDone;
      if (isAmongGiants(progress) && !pause.isPaused) {
        pause.set(true);
        paused.resolve();
      }
    },
    stop.signal,
  );
  await paused.promise;
  // Long enough for what was under way to be told; far shorter than the rest takes.
  const told = async (): Promise<number> => {
    await delay(400);
    return bytes;
  };
  const before = await told();
  expect(await told()).toBe(before);
  pause.set(false);
  await expect.poll(() => bytes).toBeGreaterThan(before);
  // That switched it on again: cancel ends what is paused.
  stop.abort();
  expect(await finished).toMatchObject({ state: 'cancelled', accounting: { hashes: 600, balanced: true } });
});
