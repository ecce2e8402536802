import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '#main/services/engine-port.ts';
import { run } from '#test/unit/terminal/stage.ts';
import { createEngine } from '#main/engine.ts';
import { violationsOf } from '../axe.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

describe.skipIf(browser === null)('notes and tags on rows', () => {
  let folder = '';
  let app: App;
  let known: Case;
  let triage: TriagePage;
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await app.page.keyboard.press(key);
    }
  };
  const main = (): Promise<string> => app.page.getByRole('main').innerText();
  const strip = () => app.page.getByRole('group', { name: /Tags; press/ });

  beforeAll(async () => {
    folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({
      folder,
      files: [known.list],
      prepare: (engine: Engine) => seed(engine, known.items),
    });
    triage = triagePage(app.page);
    await triage.grid.waitFor();
    await triage.filled();
  });
  afterAll(() => app.close());

  it('are written on the chosen rows by keyboard alone', async () => {
    await triage.grid.focus();
    await press('Home', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown', 't');
    const dialog = app.page.getByRole('dialog', { name: 'Note and tags of 3 rows' });
    await dialog.getByRole('combobox', { name: 'Add a tag' }).fill('APT29');
    await press('Enter');
    await dialog.getByRole('button', { name: 'Remove tag APT29' }).waitFor();
    await dialog.getByRole('combobox', { name: 'Add a tag' }).fill('<b>loader</b>');
    await dialog.getByRole('textbox', { name: 'Note' }).fill('=HYPERLINK("x")\nsecond line');
    expect(await violationsOf(app.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect.poll(main).toContain('Notes and tags of 3 rows changed.');
    await expect
      .poll(() => strip().getByRole('button').allInnerTexts())
      .toEqual([expect.stringMatching(/<b>loader<\/b>\s*3/), expect.stringMatching(/APT29\s*3/)]);
    await expect
      .poll(() => triage.row(known.hashOf.malicious).innerText())
      .toMatch(/<b>loader<\/b>\s*\+1\s*APT29[\s\S]*=HYPERLINK/);
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it('leave what people act on in sight beside the detail in a window of 1,280 pixels', async () => {
    const before = app.page.viewportSize();
    await app.page.setViewportSize({ width: 1280, height: 800 });
    const detail = app.page.getByRole('button', { name: 'Detail', pressed: true });
    await detail.waitFor();
    const room = await triage.grid.evaluate((grid) => grid.getBoundingClientRect().right);
    for (const name of ['Verdict', 'Hash', 'Image Path', 'Basis', 'Age', 'Line', 'Tags']) {
      const box = await triage.grid.getByRole('columnheader', { name, exact: true }).boundingBox();
      // What a scroll bar takes where one is drawn.
      expect([name, (box?.x ?? 0) + (box?.width ?? 0) <= room - 15]).toEqual([name, true]);
    }
    if (before !== null) {
      await app.page.setViewportSize(before);
    }
  });

  it('filter the list, and are found as text', async () => {
    await strip().getByRole('button', { name: /APT29/ }).click();
    await expect.poll(() => triage.total()).toBe(3);
    await strip().getByRole('button', { name: /APT29/ }).click();
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
    await triage.filter.fill('SECOND line');
    await expect.poll(() => triage.total()).toBe(3);
    await triage.filter.fill('');
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });

  it('show what another process writes, and stand in the look-up', async () => {
    const { code } = await run(['note', known.hashOf.malicious, '--tag', 'from a terminal', '--untag', 'APT29'], {
      openEngine: () => createEngine({ directory: join(folder, 'data'), threads: 'inline', shell: 'terminal' }),
    });
    expect(code).toBe(0);
    await expect.poll(() => triage.row(known.hashOf.malicious).innerText()).toContain('from a terminal');
    await triage.grid.focus();
    await press('2');
    const field = app.page.getByRole('textbox', { name: /Hashes, or any text/ });
    await field.fill(known.hashOf.malicious);
    await field.press('Enter');
    const result = app.page.getByRole('region', { name: /^What is known about/ });
    await expect.poll(() => result.innerText()).toContain('from a terminal');
    await result.focus();
    await press('t');
    const dialog = app.page.getByRole('dialog', { name: 'Note and tags' });
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Note' }).inputValue())
      .toBe('=HYPERLINK("x")\nsecond line');
    await press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it('are taken back in one step', async () => {
    await app.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Triage' }).click();
    await triage.grid.waitFor();
    await triage.grid.focus();
    await press('Control+a', 't');
    const dialog = app.page.getByRole('dialog', { name: new RegExp(`of ${known.expected.hashes} rows`) });
    await dialog.getByRole('combobox', { name: 'Add a tag' }).fill('everything');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => strip().innerText()).toMatch(new RegExp(`everything\\s*${known.expected.hashes}`));
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => strip().innerText()).not.toContain('everything');
    await expect.poll(() => triage.row(known.hashOf.malicious).innerText()).toContain('from a terminal');
  });
});
