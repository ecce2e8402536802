import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkFolder } from '#main/services/known-sets/work-folder.ts';
import { AXE_IN_PREVIEW, NO_VIOLATIONS, violationsInBothThemes } from '../axe.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage } from './triage-page.ts';

/** A place in the window and how a person gets there from anywhere; each ends with what it opened in sight. */
type Place = readonly [string, (page: Page) => Promise<void>];

const press = (page: Page, name: RegExp | string): Promise<void> =>
  page.getByRole('main').getByRole('button', { name }).first().click();
const view = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click();
const dialog = (page: Page): Promise<void> => page.getByRole('dialog').first().waitFor();

async function intake(page: Page): Promise<void> {
  await view(page, 'Triage');
  const recent = page.getByRole('main').getByRole('button', { name: 'autoruns-host12.csv' });
  if ((await page.getByRole('grid').count()) === 0) {
    await recent.click();
  }
  await triagePage(page).filled();
}
const onIntake =
  (name: RegExp | string): Place[1] =>
  async (page) => {
    await intake(page);
    await press(page, name);
    await dialog(page);
  };
const onView =
  (where: string, name: RegExp | string): Place[1] =>
  async (page) => {
    await view(page, where);
    await press(page, name);
    await dialog(page);
  };

const PLACES: readonly Place[] = [
  ['the intake with its detail', intake],
  ['its export dialog', onIntake(/^Export/)],
  ['its note dialog', onIntake(/note/i)],
  ['its removal dialog', onIntake(/^Remove/)],
  ['its reading dialog', onIntake(/^CSV/)],
  ['its list of bad records', onIntake(/rejected$/)],
  [
    'its columns menu',
    async (page) => {
      await intake(page);
      await press(page, 'Columns');
      await page.getByRole('menu').waitFor();
    },
  ],
  [
    'the palette',
    async (page) => {
      await page.keyboard.press('Control+k');
      await dialog(page);
    },
  ],
  [
    'the keyboard map',
    async (page) => {
      await page.keyboard.press('?');
      await dialog(page);
    },
  ],
  [
    'the list of intakes',
    async (page) => {
      await intake(page);
      await page.getByRole('navigation', { name: 'Place' }).getByRole('button', { name: 'Intakes' }).click();
      await page.getByRole('table').waitFor();
    },
  ],
  [
    'the paste dialog',
    async (page) => {
      await view(page, 'Triage');
      if ((await page.getByRole('grid').count()) > 0) {
        await page.getByRole('button', { name: 'Intakes' }).click();
      }
      await press(page, /^Paste/);
      await dialog(page);
    },
  ],
  ['the look-up', (page) => view(page, 'Look-up')],
  ['the hash list', (page) => view(page, 'Hash list')],
  ['its add dialog', onView('Hash list', /^Add/)],
  [
    'the known sets',
    async (page) => {
      await view(page, 'Known sets');
      await page.getByRole('table', { name: 'Unfinished imports' }).waitFor();
    },
  ],
  ['its discard dialog', onView('Known sets', /^Discard/)],
  ['its import dialog', onView('Known sets', /^Import/)],
  ['the settings', (page) => view(page, 'Settings')],
  [
    'the settings of asking',
    async (page) => {
      await view(page, 'Settings');
      await press(page, 'Asking sources');
      await page.getByRole('switch', { name: /^Offline/ }).waitFor();
    },
  ],
];

describe.skipIf(browser === null)('accessibility of every place', () => {
  let app: App;
  let known: Case;

  beforeAll(async () => {
    const folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({
      folder,
      expected: AXE_IN_PREVIEW,
      prepare: async (engine) => {
        const sets = join(folder, 'data', 'known-sets');
        mkdirSync(sets, { recursive: true });
        WorkFolder.take(sets, 'one', { name: 'RDS_2026.09.1_modern.db', bytes: 9_000_000 }).leave();
        WorkFolder.take(sets, 'two', { name: 'VirusShare_00000.md5', bytes: 9_000_000 });
        await seed(engine, known.items);
        await engine.hashList.addText({
          text: `${known.hashOf.malicious}\n${known.hashOf.suspicious}`,
          side: 'malicious',
          note: 'seen in a case',
          reason: '',
          expiresAt: null,
        });
      },
    });
    await dropFiles(app, [known.list]);
    await triagePage(app.page).grid.waitFor();
  });
  afterAll(() => app.close());

  describe.each([
    [1280, 800],
    [640, 400],
  ] as const)('in both themes at %i x %i', (width, height) => {
    beforeAll(async () => {
      // 640 x 400 is what a window of 1280 x 800 has left at 200 % zoom.
      await app.page.setViewportSize({ width, height });
    });

    it.each(PLACES)('%s', async (_name, go) => {
      await go(app.page);
      const violations = await violationsInBothThemes(app.page);
      await closeAll(app.page);
      expect(violations).toEqual(NO_VIOLATIONS);
    });
  });

  /** Escape closes whatever is open, innermost first. */
  async function closeAll(page: Page): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      if ((await page.getByRole('dialog').count()) + (await page.getByRole('menu').count()) > 0) {
        await page.keyboard.press('Escape');
      }
    }
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
  }
});
