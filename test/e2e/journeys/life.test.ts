import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HexDigest } from '#shared/domain/hash.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { digestOf } from '#test/bench/data.ts';
import { violationsOf } from '../axe.ts';
import { browser, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';

const DAY = 86_400;
const WILDFIRE = 1;
const UNKNOWN = 0;
const NOT_KNOWN = 1;
const ITEMS = 40;

describe.skipIf(browser === null)('the life of items in the settings', () => {
  let app: App;
  let engine: Engine;

  beforeAll(async () => {
    app = await openRealApp({
      parts: { secrets: memorySecrets({}) },
      prepare: async (made) => {
        engine = made;
        await made.sources.set('wildfire', { enabled: true });
        const now = Math.floor(Date.now() / 1000);
        await made.database.write('importItems', {
          at: now - 100 * DAY,
          items: Array.from({ length: ITEMS }, (_, n) => ({
            digests: { sha256: digestOf('life', n) as HexDigest },
            source: WILDFIRE,
            status: UNKNOWN,
            noAnswer: NOT_KNOWN,
            score: null,
            threat: null,
            rawCode: null,
            firstSeen: null,
            scannedAt: now - 5 * DAY,
          })),
        });
      },
    });
    await app.page.getByRole('button', { name: 'Settings' }).click();
    await app.page.getByRole('button', { name: 'Life of items' }).click();
    await app.page.getByText('Counted for the saved values.').waitFor();
  });
  afterAll(() => app.close());

  it('works a value out while it is typed, keeps it with Enter, and takes it back', async () => {
    const { page } = app;
    const effects = page.getByRole('complementary', { name: 'Effect of these values' });
    await effects.getByText('none overdue').waitFor();
    await page.getByLabel('Not known, ask again').fill('2');
    await effects.getByText(`${ITEMS} overdue, 0 of them malicious`).waitFor();
    expect(await engine.handlers['app.bootstrap']({})).toMatchObject({ settings: { notKnownDays: 7 } });
    await page.getByLabel('Not known, ask again').press('Enter');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await engine.handlers['app.bootstrap']({})).toMatchObject({ settings: { notKnownDays: 2 } });
    await page.getByRole('button', { name: 'Undo' }).click();
    await effects.getByText('none overdue').waitFor();
    await expect.poll(() => page.getByLabel('Not known, ask again').inputValue()).toBe('7');
  });

  it('removes what a purge would, after it was shown', async () => {
    const { page } = app;
    await page.getByLabel('Remove Item Interval').fill('90');
    await page.getByText(`${ITEMS} items by these values`).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.getByRole('button', { name: 'Show what a purge would remove' }).click();
    const dialog = page.getByRole('dialog', { name: 'What a purge would remove' });
    await expect
      .poll(() => dialog.getByRole('row').nth(1).innerText())
      .toMatch(new RegExp(`^WildFire\\s+unknown\\s+${ITEMS}$`));
    await dialog.getByRole('button', { name: `Remove ${ITEMS} items` }).click();
    await page.getByText(`Removed: ${ITEMS} items`, { exact: false }).first().waitFor();
    expect((await engine.handlers['app.stats']({})).items).toBe(0);
  });

  it('can be read by everybody, in light and dark, with a fault marked', async () => {
    const { page } = app;
    await page.getByLabel('Maximum Database Size').fill('7');
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 640],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name;
      }, theme);
      expect([theme, ...(await violationsOf(page))]).toEqual([theme]);
    }
    // Nothing but the table of sources is wider than a narrow window.
    const isWider = await page
      .getByRole('region', { name: 'Life of items' })
      .evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(isWider).toBe(false);
    await page.getByRole('button', { name: 'Revert' }).click();
    expect(app.faults).toEqual([]);
  });
});
