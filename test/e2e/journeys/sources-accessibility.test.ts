import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { violationsOf } from '../axe.ts';
import { seed, writeCase } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage } from './triage-page.ts';

const go = (page: Page, view: Parameters<typeof viewKey>[0]): Promise<void> => page.keyboard.press(viewKey(view));

async function sources(page: Page): Promise<void> {
  await go(page, 'sources');
  // The record that was looked at before would still be shown.
  await page.getByRole('button', { name: 'Queue', exact: true }).click();
  await page.getByRole('switch', { name: 'VirusTotal' }).waitFor();
}
const onSources =
  (button: string | RegExp): ((page: Page) => Promise<void>) =>
  async (page) => {
    await sources(page);
    await page.getByRole('main').getByRole('button', { name: button }).first().click();
  };

/** Places of asking, each with what it opened in sight. */
const PLACES: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['sources with a queue', sources],
  ['the settings of a public key', onSources('VirusTotal, show settings')],
  ['the dialog of a key', onSources('Replace the key of VirusTotal')],
  ['the place of keys', onSources('Change where keys are kept')],
  ['taking out of the queue', onSources(/^Cancel new/)],
  ['the record of requests', onSources('What left this machine')],
  [
    'a flight plan, beside a scan that is held',
    async (page) => {
      await go(page, 'triage');
      await page.getByRole('grid').focus();
      await page.getByRole('region', { name: 'Asking sources' }).waitFor();
      await page.keyboard.press('s');
      await page.getByRole('dialog').getByRole('table').waitFor();
    },
  ],
];

/** Texts of the frame of which only a part can be seen: each has to be whole, or out of sight. */
const cutTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const cut: string[] = [];
    for (const box of document.querySelectorAll('.statusbar, .asked, .held, .rail')) {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      for (const part of box.querySelectorAll(':scope > span, :scope > button')) {
        const text = document.createRange();
        text.selectNodeContents(part);
        const seen = text.getBoundingClientRect();
        const isInSight = seen.top < bottom && seen.bottom > top;
        const isWhole = seen.left >= left + 3 && seen.right <= right - 3 && part.scrollWidth <= part.clientWidth + 1;
        if (seen.width > 0 && isInSight && !isWhole) {
          cut.push(part.textContent ?? '');
        }
      }
    }
    return cut;
  });

describe.skipIf(browser === null)('accessibility of asking', () => {
  let app: App;

  beforeAll(async () => {
    const folder = temporaryFolder();
    const { list, items } = writeCase(folder);
    app = await openRealApp({
      folder,
      parts: { simulated: true, secrets: memorySecrets({ virustotal: 'a', wildfire: 'b' }) },
      prepare: async (engine) => {
        await seed(engine, items);
        const base = { url: 'http://127.0.0.1:9', proxy: { kind: 'none' }, enabled: true } as const;
        await engine.sources.set('wildfire', base);
        await engine.sources.set('virustotal', { ...base, plan: 'public', licenceAccepted: true });
        await engine.outbound.pause({});
      },
    });
    await dropFiles(app, [list]);
    await triagePage(app.page).filled();
    await app.engine.scanning.start(
      {
        intakeId: 1,
        selection: {
          kind: 'query',
          query: { statuses: ['suspicious'], flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
        },
        strategy: 'certain',
      },
      () => undefined,
      AbortSignal.timeout(10_000),
    );
  });
  afterAll(() => app.close());

  // 640 x 400 is what a window of 1280 x 800 has left at 200 % zoom.
  describe.each([
    ['light', 1280, 800],
    ['dark', 640, 400],
  ] as const)('%s at %i x %i', (theme, width, height) => {
    beforeAll(async () => {
      await app.page.setViewportSize({ width, height });
      await app.page.emulateMedia({ colorScheme: theme });
    });

    it('keeps what is asked before what is held', async () => {
      const shown = await app.page.evaluate(() => {
        const bar = document.querySelector('.statusbar')?.getBoundingClientRect();
        const facts = [...document.querySelectorAll('.asked > span, .held > span')];
        return facts.map((one) => bar !== undefined && one.getBoundingClientRect().top < bar.bottom);
      });
      // What is asked stands first; the first that is out of sight takes all that is held with it, but never before.
      const asked = await app.page.locator('.asked > span').count();
      expect(shown.slice(asked).some(Boolean) && shown.slice(0, asked).some((isSeen) => !isSeen)).toBe(false);
      expect(width < 1280 || shown.every(Boolean)).toBe(true);
    });

    it('cuts no fact of the status bar and no name of a view in two', async () => {
      await expect.poll(() => cutTexts(app.page)).toEqual([]);
    });

    it.each(PLACES)('%s', async (_name, open) => {
      await open(app.page);
      const violations = await violationsOf(app.page);
      if ((await app.page.getByRole('dialog').count()) > 0) {
        await app.page.keyboard.press('Escape');
      }
      await expect.poll(() => app.page.getByRole('dialog').count()).toBe(0);
      expect(violations).toEqual([]);
    });
  });
});
