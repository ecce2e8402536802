import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

describe.skipIf(browser === null)('a dropped list, from the drop to the export', () => {
  let app: App;
  let known: Case;
  let triage: TriagePage;

  beforeAll(async () => {
    const folder = temporaryFolder();
    known = writeCase(folder);
    app = await openRealApp({ folder, prepare: (engine) => seed(engine, known.items) });
    triage = triagePage(app.page);
  });
  afterAll(() => app.close());

  it('begins with a page that says what to do', async () => {
    await app.page.getByRole('heading', { name: 'Triage' }).waitFor();
    await expect.poll(() => app.page.getByRole('button', { name: 'Open sample' }).isVisible()).toBe(true);
  });

  it('answers every row and accounts for every record', async () => {
    await dropFiles(app, [known.list]);
    await triage.grid.waitFor();
    const { expected } = known;
    await expect.poll(() => triage.total()).toBe(expected.hashes);
    await expect.poll(() => app.page.getByRole('heading', { level: 1 }).innerText()).toBe('autoruns-host12.csv');
    expect([
      await triage.countOf('malicious'),
      await triage.countOf('suspicious'),
      await triage.countOf('non-malicious'),
      await triage.countOf('unknown'),
      await triage.countOf('conflict'),
    ]).toEqual([expected.malicious, expected.suspicious, expected.nonMalicious, expected.unknown, expected.conflict]);
    const main = await app.page.getByRole('main').innerText();
    expect(main).toContain(`${expected.records} records`);
    expect(main).toContain(`${expected.duplicates} duplicates`);
  });

  it('shows the worst first, and each with its verdict', async () => {
    await triage.filled();
    const words = await triage.grid.getByRole('row').locator('nth=1').innerText();
    expect(words).toContain('malicious');
    await expect.poll(() => triage.row(known.hashOf.malicious).innerText()).toMatch(/malicious[\s\S]*WildFire/);
  });

  it('names the records without a usable hash, with place and reason', async () => {
    await app.page.getByRole('button', { name: `${known.expected.rejected} rejected` }).click();
    const dialog = app.page.getByRole('dialog');
    await expect
      .poll(() => dialog.getByRole('row').count())
      .toBe(1 + known.expected.rejected + known.expected.withoutHash);
    await app.page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it('filters by a count and by text', async () => {
    await triage.count('suspicious').click();
    await expect.poll(() => triage.total()).toBe(known.expected.suspicious);
    await expect.poll(() => triage.count('suspicious').getAttribute('aria-pressed')).toBe('true');
    await triage.count('suspicious').click();
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
    await triage.filter.fill('suspicious3');
    await expect.poll(() => triage.total()).toBe(1);
    await triage.filter.fill('no such thing');
    await app.page.getByRole('heading', { name: 'No row matches' }).waitFor();
    await app.page.getByRole('button', { name: 'Show all rows' }).click();
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });

  it('explains one row: rule, answers of the sources, where it was seen', async () => {
    await triage.filter.fill(known.hashOf.malicious);
    await triage.row(known.hashOf.malicious).click();
    const detail = app.page.getByRole('complementary', { name: /detail/i });
    await expect.poll(() => detail.innerText()).toMatch(/Trojan\.Generic/);
    const text = await detail.innerText();
    expect(text).toMatch(/WildFire[\s\S]*VirusTotal/);
    expect(text).toContain('autoruns-host12.csv, line 602');
    expect(text).toContain('C:\\Windows\\System32\\malicious0.sys');
    await triage.filter.fill('');
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });

  it('moves the verdict when a row is put on the hash list, and back with undo', async () => {
    await triage.filter.fill(known.hashOf.unknown);
    await triage.row(known.hashOf.unknown).click();
    await triage.grid.focus();
    await app.page.keyboard.press('m');
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious + 1);
    await expect.poll(() => triage.row(known.hashOf.unknown).innerText()).toMatch(/^\s*malicious/);
    const detail = app.page.getByRole('complementary', { name: /detail/i });
    await expect.poll(() => detail.innerText()).toMatch(/As triaged\s+unknown[\s\S]*Now\s+malicious/);
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious);
    await expect.poll(() => triage.row(known.hashOf.unknown).innerText()).toMatch(/^\s*unknown/);
    await triage.filter.fill('');
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });

  it.each([
    ['CSV', '.csv', /^[0-9a-f]{32,64},/],
    ['JSONL', '.jsonl', /^\{"hash":/],
  ] as const)('exports what the filter shows as %s', async (form, ending, row) => {
    await triage.count('suspicious').click();
    await expect.poll(() => triage.total()).toBe(known.expected.suspicious);
    await app.page.getByRole('button', { name: /^Export/ }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Export a report' });
    await dialog.getByRole('radio', { name: new RegExp(`^${form}`) }).check();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const downloads = join(app.folder, 'downloads');
    await expect.poll(() => readdirSync(downloads).filter((name) => name.endsWith(ending)).length).toBe(1);
    const [file = ''] = readdirSync(downloads).filter((name) => name.endsWith(ending));
    const lines = readFileSync(join(downloads, file), 'utf8').trim().split(/\r?\n/);
    const rows = lines.filter((line) => row.test(line));
    expect(rows).toHaveLength(known.expected.suspicious);
    expect(rows.every((line) => line.includes('suspicious'))).toBe(true);
    expect(rows.join('\n')).toContain('Windows');
    await app.page.getByRole('button', { name: 'Show in folder' }).waitFor();
    await triage.count('suspicious').click();
  });

  it('comes back to the list of intakes', async () => {
    await app.page.getByRole('button', { name: 'Intakes' }).click();
    const recent = app.page.getByRole('table');
    await expect.poll(() => recent.getByRole('row').count()).toBe(2);
    await recent.getByRole('button', { name: 'autoruns-host12.csv' }).click();
    await expect.poll(() => triage.total()).toBe(known.expected.hashes);
  });
});
