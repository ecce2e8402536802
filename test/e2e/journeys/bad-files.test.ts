import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '#test/bench/data.ts';
import { browser, dropFiles, dropText, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

/** Long enough that reading it takes a few seconds. */
const LONG = 3_000_000;

describe.skipIf(browser === null)('drops that are not a good list', () => {
  let app: App;
  let folder: string;
  let triage: TriagePage;

  beforeAll(async () => {
    folder = temporaryFolder();
    app = await openRealApp({ folder });
    triage = triagePage(app.page);
    await app.page.getByRole('heading', { name: 'Triage' }).waitFor();
  });
  afterAll(() => app.close());

  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const main = (): Promise<string> => app.page.getByRole('main').innerText();
  const title = (): Promise<string> =>
    app.page.getByRole('main').getByRole('heading', { level: 1 }).first().innerText();

  it('an empty file is told as such', async () => {
    await dropFiles(app, [file('empty.txt', '')]);
    await expect.poll(title).toBe('empty.txt');
    await expect.poll(main).toMatch(/0 records|no hash|nothing/i);
  });

  it('a program is hashed, not read as a list', async () => {
    await dropFiles(app, [file('tool.exe', Buffer.from([0x4d, 0x5a, 0, 1, 2, 3, 250, 251]))]);
    await expect.poll(title).toBe('tool.exe');
    await expect.poll(() => triage.total()).toBe(1);
  });

  it('a list cut off in its packing keeps what came before, and says where it ends', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, n) => `${digestOf('cut', n)}\n`).join(''));
    await dropFiles(app, [file('cut.txt.gz', whole.subarray(0, whole.length / 2))]);
    await expect.poll(title).toBe('cut.txt.gz');
    await expect.poll(() => triage.total()).toBeGreaterThan(1_000);
    await expect.poll(main).toMatch(/damaged|cut off|ends|unexpected end/i);
  });

  it('a folder is taken file by file; what cannot be read is named, links do not loop', async () => {
    const samples = join(folder, 'samples');
    mkdirSync(join(samples, 'inner'), { recursive: true });
    writeFileSync(join(samples, 'a.bin'), 'one');
    writeFileSync(join(samples, 'inner', 'b.bin'), 'two');
    symlinkSync(samples, join(samples, 'inner', 'loop'));
    chmodSync(join(samples, 'a.bin'), 0o400);
    await dropFiles(app, [samples]);
    await expect.poll(title).toBe('samples');
    await expect.poll(() => triage.total()).toBe(2);
  });

  it('dropped text is read', async () => {
    await dropText(app, [1, 2, 3].map((n) => `seen ${digestOf('text', n)}`).join(' and '));
    await expect.poll(() => triage.total()).toBe(3);
  });

  it('nothing in the dropped files was changed', () => {
    expect(readFileSync(join(folder, 'tool.exe'))).toHaveLength(8);
  });

  it('a long list can be cancelled; what was read is kept', async () => {
    const lines = Array.from({ length: LONG }, (_, n) => n.toString(16).padStart(64, '0'));
    await dropFiles(app, [file('long.txt', lines.join('\n'))]);
    const cancel = app.page.getByRole('main').getByRole('button', { name: /^Cancel/ });
    // Figures beside it change all the time; a person needs no rest of the layout to press it.
    await cancel.click({ force: true, timeout: 60_000 });
    await expect.poll(main, { timeout: 60_000 }).toMatch(/cancelled/i);
    await triage.grid.waitFor();
    await expect.poll(() => triage.total()).toBeGreaterThan(0);
    await expect.poll(() => triage.total()).toBeLessThan(LONG);
  });
});
