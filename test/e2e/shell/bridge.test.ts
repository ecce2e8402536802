import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AssayBridge, Reply } from '#shared/contract/index.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BINDING } from '#main/shells/chromium/page-script.ts';
import { engineDouble, type EngineDouble } from '#test/unit/electron/engine-double.ts';
import { browser, dropFiles, openApp, temporaryFolder, type App } from '../launch.ts';
import { blankPage } from './blank-page.ts';

/** What the blank page keeps in its global scope. */
interface Blank {
  readonly assay: AssayBridge;
  readonly pushed: readonly (readonly [string, unknown])[];
  readonly registered?: Reply<{ readonly handle: string; readonly names: readonly string[] }>;
}
declare const blank: Blank;

describe.skipIf(browser === null)('bridge between a page in Chromium and main', () => {
  let app: App;
  let double: EngineDouble;
  let folder: string;

  beforeEach(async () => {
    // The poorest locale there is, as in containers: names of files must not depend on it.
    vi.stubEnv('LC_ALL', 'C');
    folder = temporaryFolder();
    double = engineDouble();
    app = await openApp({
      folder,
      files: [join(folder, 'from-the-command-line.txt')],
      pageRoot: blankPage(folder),
      createEngine: () => Promise.resolve(double.engine),
    });
    await app.page.waitForFunction(() => document.title === 'Ready');
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await app.close();
  });

  it('carries calls to their handlers and envelopes back', async () => {
    const replies = await app.page.evaluate(async () => [
      await blank.assay.call('app.stats', {}),
      await blank.assay.call('app.stats', { surprise: 1 }),
      await blank.assay.call('no.such' as 'app.stats', {}),
    ]);
    expect(replies).toEqual([
      { ok: true, value: {} },
      { ok: false, error: expect.objectContaining({ code: 'INVALID_ARGUMENT' }) },
      { ok: false, error: expect.objectContaining({ code: 'INVALID_ARGUMENT' }) },
    ]);
  });

  it('learns the paths of dropped files and folders without the page seeing them', async () => {
    const list = join(folder, 'ünïcode list.txt');
    const samples = join(folder, 'samples');
    writeFileSync(list, 'x');
    mkdirSync(samples);
    await dropFiles(app, [list, samples]);
    await app.page.waitForFunction(() => blank.registered !== undefined);
    expect(double.registered.at(-1)).toEqual([list, samples]);
    const seen = await app.page.evaluate(() => JSON.stringify(blank.registered));
    expect(seen).toContain('ünïcode list.txt');
    expect(seen).not.toContain(folder);
  });

  it('gives no path for files a page made up, and takes nothing that is no file', async () => {
    const before = double.registered.length;
    const replies = await app.page.evaluate(async () => [
      await blank.assay.registerFiles([new File(['x'], '/etc/passwd')]),
      await blank.assay.registerFiles([{ path: '/etc/passwd' }, '/etc/passwd']),
      await blank.assay.registerFiles([]),
    ]);
    expect(replies.map((reply) => (reply.ok ? 'ok' : reply.error.code))).toEqual([
      'UNREADABLE',
      'UNREADABLE',
      'INVALID_ARGUMENT',
    ]);
    expect(double.registered).toHaveLength(before);
  });

  it('brings pushes into the page, merged, and files of the command line once it listens', async () => {
    double.push('changed', { kinds: ['items'], intakeIds: [1] });
    double.push('changed', { kinds: ['verdicts'], intakeIds: [1, 2] });
    await app.page.waitForFunction(() => blank.pushed.some(([name]) => name === 'changed'));
    expect(await app.page.evaluate(() => blank.pushed)).toEqual([
      ['openFiles', { handle: 'h1', names: ['from-the-command-line.txt'] }],
      ['changed', { kinds: ['items', 'verdicts'], intakeIds: [1, 2] }],
    ]);
  });

  it('answers a text of ten million characters', async () => {
    const reply = await app.page.evaluate(() =>
      blank.assay.call('app.registerText', { name: 'pasted', text: 'a'.repeat(10_000_000) }),
    );
    expect(reply.ok).toBe(true);
  });

  it('gives a frame inside the page no bridge and takes nothing from it', async () => {
    const [inside, reply] = await app.page.evaluate(async (binding) => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inner = frame.contentWindow as unknown as Record<string, (message: string) => Promise<string>>;
      return ['assay' in inner, await inner[binding]?.('["call","app.stats",{}]')] as const;
    }, BINDING);
    expect([inside, JSON.parse(reply ?? '')]).toEqual([
      false,
      { ok: false, error: expect.objectContaining({ code: 'FORBIDDEN' }) },
    ]);
  });

  it('refuses messages that are none', async () => {
    const replies = await app.page.evaluate(
      async ([binding, messages]) => {
        const send = (globalThis as unknown as Record<string, (message: string) => Promise<string>>)[binding];
        return Promise.all(messages.map(async (message) => send?.(message)));
      },
      [BINDING, ['', '{', '7', '{"0":"call"}', '["files","1); alert(1"]', '["files",null]', '["push",{}]']] as const,
    );
    for (const reply of replies) {
      expect(JSON.parse(reply ?? '')).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } });
    }
  });

  it('closing the window stops the engine, once', async () => {
    await app.page.close();
    await app.shell.ended;
    expect(double.disposed).toBe(1);
  });

  it('a page that crashed comes back in a new window and hears pushes again', async () => {
    const crashed = app.shell.window;
    await app.session.send('Page.crash').catch(() => undefined);
    await vi.waitFor(() => expect(app.shell.window).not.toBe(crashed), { timeout: 60_000 });
    const { page } = app.shell.window;
    await page.waitForFunction(() => document.title === 'Ready');
    double.push('changed', { kinds: ['settings'], intakeIds: [] });
    await page.waitForFunction(() => blank.pushed.length > 0);
    expect([app.reports, double.disposed]).toEqual([[['page gone', { reason: 'crash' }]], 0]);
  });
});
