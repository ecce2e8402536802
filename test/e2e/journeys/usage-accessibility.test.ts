import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreferences } from '#main/settings/preferences.ts';
import { viewKey } from '#renderer/app/views.ts';
import { BOARD_PANEL_IDS, type BoardPanelId } from '#renderer/features/usage/board/layout.ts';
import { writeUse } from '#test/bench/usage-data.ts';
import { violationsOf } from '../axe.ts';
import { browser, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';

const ONE_OF_EACH: readonly BoardPanelId[] = [
  'outbound-items',
  'outbound-failed',
  'hash-list',
  'quota-saved',
  'quota-forecast',
  'verdicts',
];

type Place = readonly [string, (page: Page) => Promise<unknown>];

const button = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

const PLACES: readonly Place[] = [
  ['charts', (page) => page.locator('.timechart').first().waitFor()],
  ['all tables', (page) => button(page, 'Table')],
  ['charts again', (page) => button(page, 'Table')],
  [
    'a range with a fault',
    (page) =>
      button(page, 'Custom')
        .then(() => empty(page))
        .then(() => button(page, 'Show')),
  ],
  ['a menu', (page) => button(page, 'Outbound Items: more')],
  ['a definition', (page) => button(page, 'What Outbound Items means')],
  ['the cursor in a chart', readFirst],
];

describe.skipIf(browser === null)('accessibility of the reputation board', () => {
  let app: App;
  beforeAll(async () => {
    const folder = temporaryFolder();
    await writeUse(join(folder, 'data'), Math.floor(Date.now() / 1000), 20, 12 * 3600);
    const preferences = createPreferences(join(folder, 'data'));
    // One panel of each make: the others differ in words and numbers only, and each costs a second.
    const { board } = preferences.get();
    preferences.set({ board: { ...board, hidden: BOARD_PANEL_IDS.filter((id) => !ONE_OF_EACH.includes(id)) } });
    app = await openRealApp({ folder, parts: { preferences } });
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
  });
  afterAll(() => app.close());

  it('holds on the home with the strip', async () => {
    await app.page.getByRole('region', { name: 'Usage of the last 24 hours' }).waitFor();
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it.each([
    ['light', PLACES],
    ['dark', PLACES.slice(0, 2)],
  ] as const)('holds in every place of the board, %s', async (colorScheme, places) => {
    const { page } = app;
    await page.emulateMedia({ colorScheme });
    await page.keyboard.press(viewKey('triage'));
    await page.keyboard.press(viewKey('usage'));
    for (const [name, go] of places) {
      await go(page);
      expect([name, await violationsOf(page)]).toEqual([name, []]);
      await page.keyboard.press('Escape');
    }
    if (colorScheme === 'dark') {
      await button(page, 'Table');
    }
  });

  it.each([
    [1280, 800],
    [1920, 1080],
    [640, 800],
  ])('nothing is cut off at %i x %i', async (width, height) => {
    const { page } = app;
    await page.setViewportSize({ width, height });
    const reset = page.getByRole('button', { name: 'Reset layout' });
    if ((await reset.count()) > 0) {
      await reset.click();
    }
    await page.locator('.timechart').first().waitFor();
    const beyond = await page.evaluate(() => ({
      sideways: document.documentElement.scrollWidth > innerWidth,
      out: [...document.querySelectorAll('.panel, .usagehead button, .usagehead label')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth)
        .map(({ textContent }) => textContent),
      // What stands in a panel stays in it.
      over: [...document.querySelectorAll('.panel')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.getAttribute('data-row-link')),
    }));
    expect(beyond).toEqual({ sideways: false, out: [], over: [] });
  });
});

describe.skipIf(browser === null)('a board of which nothing was recorded', () => {
  it('holds, and teaches', async () => {
    const app = await openRealApp();
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
    await expect.poll(() => app.page.getByRole('region', { name: 'Usage of the last 24 hours' }).count()).toBe(0);
    await app.page.keyboard.press(viewKey('usage'));
    await app.page.getByText('Nothing was received or asked yet.').waitFor();
    // With every panel that there is.
    await app.page.locator('.timechart').nth(5).waitFor();
    expect(await violationsOf(app.page)).toEqual([]);
    await app.close();
  });
});

async function empty(page: Page): Promise<void> {
  await page.locator('input[type=datetime-local]').first().fill('');
}

async function readFirst(page: Page): Promise<void> {
  const chart = page.getByRole('group', { name: 'Outbound Items', exact: true });
  await chart.focus();
  await page.keyboard.press('End');
  await page.locator('.readout').waitFor();
}
