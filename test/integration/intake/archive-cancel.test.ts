import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { PauseSwitch } from '#main/services/intake/reading/pause-switch.ts';
import { temporaryFolder } from './intake-bench.ts';

const MIB = 1024 * 1024;
/** Takes a second or two to decrypt; stored, so that it is as large inside as outside. */
const LARGE = 32 * MIB;
let locked: Uint8Array;

beforeAll(async () => {
  configure({ useWebWorkers: false });
  const writer = new ZipWriter(new Uint8ArrayWriter());
  const options = { password: 'infected', zipCrypto: true, level: 0 } as const;
  await writer.add('large.bin', new Uint8ArrayReader(new Uint8Array(LARGE)), options);
  locked = await writer.close();
});

test.each(['inline', 'workers'] as const)(
  'a member that is decrypted (%s) tells how far it is, waits while paused and ends at once',
  async (threads) => {
    const path = join(temporaryFolder(), 'locked.zip');
    writeFileSync(path, locked);
    const database = await openInlineDatabase(temporaryFolder());
    const intakes = await createIntakes(database, { threads, clock: systemClock, readBy: 'assay test' });
    onTestFinished(async () => {
      await intakes.dispose();
      await database.close();
    });
    const stop = new AbortController();
    const pause = new PauseSwitch();
    const paused = Promise.withResolvers<void>();
    let bytes = 0;
    const { finished } = await intakes.start(
      { door: 'window', inputs: [{ kind: 'path', path }], reading: { as: 'auto' }, pause },
      (progress) => {
        bytes = progress.bytesDone;
        if (bytes > MIB && bytes < LARGE / 4 && !pause.isPaused) {
          pause.set(true);
          paused.resolve();
        }
      },
      stop.signal,
    );
    // It ends without a pause when nothing is told meanwhile.
    await Promise.race([paused.promise, finished]);
    const told = async (): Promise<number> => {
      await delay(300);
      return bytes;
    };
    const before = await told();
    expect(before).toBeLessThan(LARGE / 4);
    expect(await told()).toBe(before);
    pause.set(false);
    await expect.poll(() => bytes).toBeGreaterThan(before);
    const asked = performance.now();
    stop.abort();
    expect(await finished).toMatchObject({ state: 'cancelled', accounting: { balanced: true } });
    expect(performance.now() - asked).toBeLessThan(10_000);
  },
);
