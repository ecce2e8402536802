import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AXE_IN_PREVIEW, violationsOf } from '../axe.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

describe.skipIf(browser === null)('a report, from the preview to its verification', () => {
  let app: App;
  let known: Case;
  let triage: TriagePage;
  const downloads = (ending: string): string[] =>
    readdirSync(join(app.folder, 'downloads')).filter((name) => name.endsWith(ending));
  const dialog = () => app.page.getByRole('dialog', { name: 'Export a report' });

  beforeAll(async () => {
    const folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({
      folder,
      prepare: (engine) => seed(engine, known.items),
      expected: AXE_IN_PREVIEW,
    });
    triage = triagePage(app.page);
    await dropFiles(app, [known.list]);
    await triage.grid.waitFor();
  });
  afterAll(() => app.close());

  it('shows the page as it will be, with its own look and what was typed', async () => {
    await app.page.getByRole('button', { name: /^Export/ }).click();
    await dialog().getByRole('textbox', { name: 'Title' }).fill('Host 12 <b>');
    await dialog().getByRole('textbox', { name: 'Examiner' }).fill('J. Doe');
    const preview = app.page.frameLocator('iframe[title="Preview of the report"]');
    await preview.getByRole('heading', { level: 1, name: 'Host 12 <b>' }).waitFor();
    await preview.getByText('J. Doe').waitFor();
    const size = await preview.getByRole('heading', { level: 1 }).evaluate((node) => getComputedStyle(node).fontSize);
    expect(size).toBe('28px');
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it('shows the text of a form for programs', async () => {
    await dialog()
      .getByRole('radio', { name: /^JSONL/ })
      .check();
    const text = dialog().getByRole('region', { name: 'Beginning of the file' });
    await expect.poll(() => text.innerText()).toMatch(/^\{"assay_report":/);
    await dialog().getByRole('radio', { name: /^HTML/ }).check();
  });

  it('writes it, and lists it from then on', async () => {
    await dialog().getByRole('button', { name: 'Export', exact: true }).click();
    await app.page.getByRole('button', { name: 'Show in folder' }).waitFor();
    expect(downloads('.html')).toHaveLength(1);
    await app.page.getByRole('button', { name: /^Export/ }).click();
    await dialog().getByText('1 report made of this intake').waitFor();
    await expect.poll(() => dialog().getByRole('textbox', { name: 'Examiner' }).inputValue()).toBe('J. Doe');
    await expect.poll(() => dialog().getByRole('textbox', { name: 'Title' }).inputValue()).toBe('');
  });

  it('says of the file that it is as it was made, and that it is not once a byte changed', async () => {
    await dialog().getByRole('button', { name: 'Verify a report…' }).click();
    const path = join(app.folder, 'downloads', downloads('.html')[0] ?? '');
    await verify(path, /^As it was made/);
    expect(await violationsOf(app.page)).toEqual([]);
    writeFileSync(path, readFileSync(path, 'utf8').replace('J. Doe', 'K. Doe'));
    await verify(path, /^Changed/);
    await verify(known.list, /^Not sealed/);
    await app.page.keyboard.press('Escape');
  });

  it('is printed as PDF by the same browser', async () => {
    await app.page.getByRole('button', { name: /^Export/ }).click();
    await dialog().getByRole('radio', { name: /^PDF/ }).check();
    await dialog().getByRole('button', { name: 'Export', exact: true }).click();
    await expect.poll(() => downloads('.pdf').length, { timeout: 60_000 }).toBe(1);
    const path = join(app.folder, 'downloads', downloads('.pdf')[0] ?? '');
    expect(readFileSync(path, 'latin1')).toMatch(/^%PDF-[\s\S]*assay-seal:[0-9a-f]{64}[\s\S]*%%EOF\n$/);
    const left = (): string[] => readdirSync(join(app.folder, 'data')).filter((name) => name.startsWith('print-'));
    await expect.poll(left).toEqual([]);
  });

  async function verify(path: string, outcome: RegExp): Promise<void> {
    const choosing = app.page.waitForEvent('filechooser');
    await app.page.getByRole('button', { name: 'Choose a file…' }).click();
    await (await choosing).setFiles(path);
    await app.page.getByRole('heading', { name: outcome }).waitFor();
  }
});
