import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

describe.skipIf(browser === null)('a case by keyboard alone', () => {
  let app: App;
  let known: Case;
  let triage: TriagePage;
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await app.page.keyboard.press(key);
    }
  };
  const currentRow = async (): Promise<number> => {
    const id = await triage.grid.getAttribute('aria-activedescendant');
    return Number(await app.page.locator(`[id="${id}"]`).getAttribute('aria-rowindex')) - 1;
  };
  /** Tab until the grid has the focus; it must be reachable within a handful of steps of the view. */
  const tabToGrid = async (): Promise<void> => {
    for (let step = 0; step < 40; step += 1) {
      if (await triage.grid.evaluate((grid) => grid === document.activeElement)) {
        return;
      }
      await press('Tab');
    }
    throw new Error('the grid was not reached by Tab');
  };

  beforeAll(async () => {
    const folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({ folder, files: [known.list], prepare: (engine) => seed(engine, known.items) });
    triage = triagePage(app.page);
    // The files of the command line open by themselves.
    await triage.grid.waitFor();
    await triage.filled();
  });
  afterAll(() => app.close());

  it('walks the rows', async () => {
    await tabToGrid();
    await press('Home', 'j', 'j', 'ArrowDown', 'k');
    await expect.poll(() => currentRow()).toBe(3);
    await press('PageDown');
    await expect.poll(() => currentRow()).toBeGreaterThan(10);
    await press('End');
    await expect.poll(() => currentRow()).toBe(known.expected.hashes);
    await press('Home');
    await expect.poll(() => currentRow()).toBe(1);
  });

  it('selects, copies and lists rows, and takes it back', async () => {
    await press('x', 'Shift+ArrowDown', 'Shift+ArrowDown');
    await expect.poll(() => triage.grid.locator('[role=row][aria-selected=true]').count()).toBe(3);
    await press('c');
    await expect.poll(() => app.page.getByRole('main').innerText()).toContain('3 rows copied.');
    await press('g');
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious - 3);
    await app.page.getByRole('button', { name: 'Undo' }).focus();
    await press('Enter');
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious);
    await tabToGrid();
    await press('Control+a');
    await expect.poll(() => app.page.getByRole('main').innerText()).toContain(`${known.expected.hashes} selected`);
    await press('Escape');
    await expect.poll(() => triage.grid.locator('[role=row][aria-selected=true]').count()).toBe(0);
  });

  it('lists the row under the cursor however fast the keys come, and no other row moves', async () => {
    await tabToGrid();
    await press('Home');
    const shown = async (): Promise<(string | null)[]> =>
      Promise.all(
        [2, 3, 4, 5, 6].map((row) =>
          triage.grid.locator(`[aria-rowindex="${row}"] .hash`).first().getAttribute('title'),
        ),
      );
    const before = await shown();
    await press('j', 'j', 'j', 'g', 'g');
    await expect.poll(() => app.page.getByRole('main').innerText()).toContain('Already on the hash list');
    const page = await app.engine.hashList.page(
      { side: 'non-malicious', expiring: false, text: '', sort: 'addedAt', descending: true },
      { offset: 0, limit: 10 },
    );
    expect(page.rows.map((row) => row.digests.sha256 ?? row.digests.sha1 ?? row.digests.md5)).toEqual([before[3]]);
    await expect.poll(() => shown()).toEqual(before);
    await expect.poll(() => currentRow()).toBe(4);
    await app.engine.hashList.remove(page.rows.map((row) => row.id));
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious);
  });

  it('filters and comes back', async () => {
    await press('/');
    await app.page.keyboard.type('suspicious3');
    await expect.poll(() => triage.total()).toBe(1);
    await press('Escape');
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });

  it('exports', async () => {
    await tabToGrid();
    await press('e');
    const dialog = app.page.getByRole('dialog', { name: 'Export a report' });
    await dialog.getByTitle('Preview of the report').waitFor();
    await press('Enter');
    await expect.poll(() => readdirSync(join(app.folder, 'downloads')).length).toBe(1);
  });

  it('moves between views and finds everything in the palette', async () => {
    const heading = app.page.getByRole('main').getByRole('heading', { level: 1 });
    await app.page.getByRole('dialog').waitFor({ state: 'detached' });
    for (const [view, title] of [
      ['hash-list', 'Hash list'],
      ['sources', 'Sources and queue'],
      ['known-sets', 'Known sets'],
      ['settings', 'Settings'],
      ['triage', 'autoruns-host12.csv'],
    ] as const) {
      await press(viewKey(view));
      await expect.poll(() => heading.first().innerText()).toBe(title);
    }
    await press('Control+k');
    await app.page.keyboard.type('known sets');
    await press('Enter');
    await expect.poll(() => heading.first().innerText()).toBe('Known sets');
    await press('Control+k');
    await app.page.keyboard.type(known.hashOf.suspicious);
    await press('Enter');
    await expect.poll(() => heading.first().innerText()).toBe('Look-up');
    await expect.poll(() => app.page.getByRole('main').innerText()).toMatch(/suspicious/);
    // There the field has the keyboard: what is pressed is typed, but for the palette.
    await press('Control+k');
    await app.page.keyboard.type('keyboard map');
    await press('Enter');
    await app.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await press('Escape');
    await expect.poll(() => app.page.getByRole('dialog').count()).toBe(0);
  });
});
