import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOf } from '../axe.ts';
import { browser, dropFiles, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Files below a folder with this text in them. */
function filesHolding(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

describe.skipIf(browser === null)('how a list is read, seen and corrected', () => {
  let app: App;
  let triage: TriagePage;
  let list: string;

  beforeAll(async () => {
    app = await openRealApp({});
    triage = triagePage(app.page);
    list = join(app.folder, 'processes.csv');
    const rows = Array.from(
      { length: 30 },
      (_, index) => `tool${index}.exe,${sha256(`parent${index % 5}`)},${sha256(`file${index}`)}`,
    );
    rows[3] = `cut.exe,,${sha256('cut').slice(2)}`;
    writeFileSync(list, `image,parent_sha256,sha256\n${rows.join('\n')}\n`);
  });
  afterAll(() => app.close());

  const dialog = () => app.page.getByRole('dialog');
  const firstRows = () => dialog().getByRole('region', { name: 'First rows' });

  it('names format and column at once, and shows the first rows with what becomes of them', async () => {
    await dropFiles(app, [list]);
    await triage.grid.waitFor();
    await app.page.getByRole('button', { name: 'CSV, column sha256' }).click();
    await firstRows().waitFor();
    await expect.poll(() => firstRows().getByRole('row').count()).toBe(21);
    const words = await firstRows().innerText();
    expect(words).toContain(sha256('file0'));
    expect(words).toContain('Rejected: 62 hex digits');
    await expect
      .poll(() => dialog().getByRole('checkbox', { name: 'sha256', exact: false }).nth(1).isChecked())
      .toBe(true);
    expect(await violationsOf(app.page)).toEqual([]);
  });

  it('shows another column before it is taken, by the keyboard alone, and reads again', async () => {
    await dialog()
      .getByRole('checkbox', { name: /parent_sha256/ })
      .focus();
    await app.page.keyboard.press('Space');
    await dialog()
      .getByRole('checkbox', { name: /^sha256/ })
      .focus();
    await app.page.keyboard.press('Space');
    await expect.poll(() => firstRows().innerText()).toContain('No hash');
    await dialog().getByRole('button', { name: 'Read again' }).focus();
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('button', { name: 'CSV, column parent_sha256' }).waitFor();
    await expect.poll(() => triage.total()).toBe(5);
  });

  it('offers what else a list could be, and reads it so by one press', async () => {
    const both = join(app.folder, 'both.txt');
    const rows = Array.from({ length: 8 }, (_, index) => `${sha256(`x${index}`)},a;${sha256(`y${index}`)}`);
    writeFileSync(both, `${rows.join('\n')}\n`);
    await dropFiles(app, [both]);
    await app.page.getByText('Read as CSV: other formats fit about as well.').waitFor();
    await app.page.getByRole('button', { name: 'Semicolon-separated', exact: true }).click();
    await app.page.getByRole('button', { name: 'Semicolon-separated, column 2' }).waitFor();
    await expect.poll(() => triage.total()).toBe(8);
    await expect.poll(() => triage.row(sha256('y3')).count()).toBe(1);
  });

  it('says when nothing but hashes in text was found, and shows it in another format', async () => {
    const odd = join(app.folder, 'odd.txt');
    writeFileSync(odd, `seen ${sha256('one')} here\nand ${sha256('two')} there\n`);
    await dropFiles(app, [odd]);
    await app.page.getByText('Read as free text').waitFor();
    expect(await violationsOf(app.page)).toEqual([]);
    await app.page.getByRole('button', { name: 'Read otherwise…' }).click();
    await dialog().getByRole('combobox', { name: 'Read as' }).selectOption('list');
    await expect.poll(() => dialog().getByRole('status').innerText()).toContain('One hash per line (asked for)');
    await app.page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
  });

  it('asks for the password of an encrypted archive, uses it once and keeps it nowhere', async () => {
    const secret = 'correct horse battery';
    const archive = join(app.folder, 'sealed.zip');
    const zip = new ZipWriter(new Uint8ArrayWriter(), { password: secret, useWebWorkers: false });
    await zip.add('inner.sha256', new TextReader(`${sha256('sealed')}  sealed.exe\n`));
    writeFileSync(archive, await zip.close());
    await dropFiles(app, [archive]);
    await app.page.getByText('1 file in sealed.zip is encrypted').waitFor();
    await app.page.getByLabel('Password').fill('staple');
    await app.page.keyboard.press('Enter');
    await app.page.getByText('That password opened nothing: 1 file still closed.').waitFor();
    expect(await app.page.getByLabel('Password').evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await violationsOf(app.page)).toEqual([]);
    await app.page.getByLabel('Password').fill(secret);
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('button', { name: '2 inputs' }).waitFor();
    await expect.poll(() => triage.row(sha256('sealed')).count()).toBe(1);
    await expect.poll(() => app.page.getByLabel('Password').count()).toBe(0);
    expect(filesHolding(join(app.folder, 'data'), secret)).toEqual([]);
  });

  it('shows what lies in an archive and a workbook before it is read again, and reads them otherwise', async () => {
    const archive = join(app.folder, 'case.zip');
    const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
    const rows = Array.from(
      { length: 9 },
      (_, n) => `tool${n}.exe,${sha256(`in parent${n}`)},${sha256(`in file${n}`)}`,
    );
    await zip.add('lists/tools.csv', new TextReader(`image,parent_sha256,sha256\n${rows.join('\n')}\n`));
    await zip.add('readme.bin', new TextReader('\0\x01 no list'));
    writeFileSync(archive, await zip.close());
    await dropFiles(app, [archive]);
    // The list before has two inputs as well.
    await app.page.getByRole('heading', { name: 'case.zip' }).waitFor();
    await app.page.getByRole('button', { name: '2 inputs' }).click();
    const parts = dialog().getByRole('region', { name: 'What lies in it' });
    await expect.poll(() => parts.innerText()).toMatch(/lists\/tools\.csv[\s\S]*CSV[\s\S]*readme\.bin[\s\S]*Sample/);
    await expect
      .poll(() => dialog().getByRole('region', { name: 'First rows of lists/tools.csv' }).getByRole('row').count())
      .toBe(6);
    expect(await violationsOf(app.page)).toEqual([]);
    await dialog()
      .getByRole('checkbox', { name: /parent_sha256/ })
      .focus();
    await app.page.keyboard.press('Space');
    await dialog()
      .getByRole('checkbox', { name: /^sha256/ })
      .focus();
    await app.page.keyboard.press('Space');
    await dialog().getByRole('button', { name: 'Read again' }).click();
    // The other column is carried: what counts is what stands where a row's own hash does.
    const hash = (text: string) => triage.grid.locator(`.hash[title="${sha256(text)}"]`);
    await hash('in parent3').waitFor();
    await expect.poll(() => hash('in file3').count()).toBe(0);

    await dropFiles(app, [fileURLToPath(new URL('../../fixtures/workbooks/openpyxl.xlsx', import.meta.url))]);
    await app.page.getByRole('button', { name: '6 inputs' }).click();
    await dialog().getByRole('region', { name: 'First rows of Indicators' }).waitFor();
    await expect
      .poll(() => dialog().innerText())
      .toMatch(/5 sheets[\s\S]*Hidden ü\s+CSV[\s\S]*very hidden\s+One hash per line/);
    expect(await violationsOf(app.page)).toEqual([]);
    await app.page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
  });

  it('says why there is no preview when the file is gone', async () => {
    rmSync(list);
    await app.page.getByRole('button', { name: 'Intakes' }).click();
    await app.page.getByRole('button', { name: 'processes.csv' }).first().click();
    await app.page.getByRole('button', { name: /^CSV/ }).click();
    await expect.poll(() => dialog().innerText()).toContain('processes.csv could not be read: it does not exist.');
    await expect.poll(() => firstRows().count()).toBe(0);
    await app.page.keyboard.press('Escape');
  });

  it('shows how pasted text would be read before it is', async () => {
    await app.page.getByRole('button', { name: 'Intakes' }).click();
    await app.page.getByRole('button', { name: 'Paste Ctrl V' }).click();
    await dialog()
      .getByRole('textbox')
      .fill(`name;sha256\na;${sha256('a')}\nb;${sha256('b')}\n`);
    await dialog().getByRole('button', { name: 'Choose how…' }).click();
    await expect.poll(() => dialog().innerText()).toContain('Semicolon-separated (header names sha256)');
    expect(await violationsOf(app.page)).toEqual([]);
    await dialog().getByRole('button', { name: 'Read', exact: true }).click();
    await app.page.getByRole('button', { name: 'Semicolon-separated, column sha256' }).waitFor();
    await expect.poll(() => triage.total()).toBe(2);
  });
});
