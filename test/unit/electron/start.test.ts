import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startElectron, type ElectronShellParts } from '#main/shells/electron/start.ts';
import { APP_URL } from '#main/shells/electron/window-options.ts';
import type { Notifications } from '#main/platform/notifications.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { CALL_CHANNEL, PUSH_CHANNEL, REGISTER_CHANNEL } from '#main/ipc/channels.ts';
import { electronDouble, type ElectronDouble } from './electron-double.ts';
import { engineDouble, type EngineDouble } from './engine-double.ts';

const pageRoot = mkdtempSync(join(tmpdir(), 'assay-electron-page-'));
beforeAll(() => writeFileSync(join(pageRoot, 'index.html'), '<!doctype html><title>Assay</title>'));
afterAll(() => rmSync(pageRoot, { recursive: true, force: true }));

interface Started {
  readonly electron: ElectronDouble;
  readonly engine: EngineDouble;
  readonly reports: unknown[];
  /** What another shell's start would say. */
  message: (files: readonly string[]) => void;
}

async function start(
  change: Partial<ElectronShellParts> = {},
  electron: ElectronDouble = electronDouble(),
): Promise<Started> {
  const engine = engineDouble();
  const started: Started = { electron, engine, reports: [], message: () => undefined };
  await startElectron(electron.pieces, {
    profile: '/data/electron-profile',
    preload: '/app/preload/index.cjs',
    pageRoot,
    devUrl: null,
    startsHidden: () => false,
    files: [],
    claim: (onMessage) => {
      started.message = onMessage;
      return Promise.resolve(true);
    },
    createEngine: () => Promise.resolve(engine.engine),
    report: (event, fields) => started.reports.push([event, fields]),
    ...change,
  });
  return started;
}

const page = { url: APP_URL, id: 1 };

it('locks first, then protects, then waits for ready, then opens the window', async () => {
  const { electron } = await start({ files: ['/a/list.txt'] });
  expect(electron.log).toEqual([
    'setPath userData /data/electron-profile',
    'lock {"files":["/a/list.txt"]}',
    'sandbox',
    'crash reporter upload false',
    'scheme',
    'ready',
    'window',
  ]);
  expect(electron.windows[0]?.loaded).toEqual(['app://assay/index.html']);
});

it('registers the scheme with origins and without a way around the policy', async () => {
  const { electron } = await start();
  expect(electron.schemes).toEqual([
    {
      scheme: 'app',
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        codeCache: true,
        bypassCSP: false,
        corsEnabled: false,
        allowServiceWorkers: false,
      },
    },
  ]);
});

it('a second start opens nothing', async () => {
  const { electron, engine } = await start({}, electronDouble({ hasLock: false }));
  expect(electron.log.slice(-1)).toEqual(['exit 0']);
  expect([electron.windows, engine.disposed]).toEqual([[], 0]);
});

it('a window of another shell on the directory keeps this one closed', async () => {
  const { electron } = await start({ claim: () => Promise.resolve(false) });
  expect([electron.log.at(-1), electron.windows]).toEqual(['exit 0', []]);
});

it('files of this start, of later starts and of the system arrive as handles, and the window comes forward', async () => {
  vi.useFakeTimers();
  const { electron, engine, message } = await start({ files: ['/a/one.txt'] });
  const [window] = electron.windows;
  if (window === undefined) {
    throw new Error('no window');
  }
  window.minimized = true;
  electron.app.emit('second-instance', {}, [], '/', { files: ['/a/two.txt', 7] });
  message(['/a/three.txt']);
  electron.app.emit('open-file', { preventDefault: () => undefined }, '/a/four.txt');
  vi.advanceTimersByTime(100);
  vi.useRealTimers();
  expect(engine.registered).toEqual([['/a/one.txt'], ['/a/two.txt'], ['/a/three.txt'], ['/a/four.txt']]);
  expect(window.webContents.sent).toEqual([
    [
      PUSH_CHANNEL,
      [1, 2, 3, 4].map((number) => ({
        name: 'openFiles',
        payload: { handle: `h${number}`, names: [`${['one', 'two', 'three', 'four'][number - 1]}.txt`] },
      })),
    ],
  ]);
  expect(JSON.stringify(window.webContents.sent)).not.toContain('/a/');
  expect(window.log.slice(0, 3)).toEqual(['restore', 'show', 'focus']);
});

it('a clicked notification brings the window forward and shows what changed', async () => {
  vi.useFakeTimers();
  const engine = engineDouble();
  let desktop: Notifications | null = null as Notifications | null;
  const { electron } = await start({
    createEngine: (notifications) => {
      desktop = notifications;
      return Promise.resolve(engine.engine);
    },
  });
  desktop?.show({ title: '2 files turned malicious', body: 'WildFire. In host 12.' });
  expect(electron.notices).toMatchObject([{ title: '2 files turned malicious', body: 'WildFire. In host 12.' }]);
  electron.notices[0]?.click();
  vi.advanceTimersByTime(100);
  vi.useRealTimers();
  const [window] = electron.windows;
  expect(window?.log).toEqual(['show', 'focus']);
  expect(window?.webContents.sent).toEqual([[PUSH_CHANNEL, [{ name: 'openView', payload: { view: 'changes' } }]]]);
});

it('answers its own page and nobody else', async () => {
  const { electron, engine } = await start();
  expect(await electron.invoke(CALL_CHANNEL, page, 'app.stats', {})).toMatchObject({ ok: true });
  expect(await electron.invoke(REGISTER_CHANNEL, page, ['/a/b.txt'])).toEqual({
    ok: true,
    value: { handle: 'h1', names: ['b.txt'] },
  });
  for (const stranger of [
    { url: 'https://evil.example/', id: 1 },
    { url: APP_URL, id: 2 },
    { url: APP_URL, id: 1, parent: {} },
  ]) {
    expect(await electron.invoke(CALL_CHANNEL, stranger, 'app.stats', {})).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    expect(await electron.invoke(REGISTER_CHANNEL, stranger, ['/etc/passwd'])).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
  }
  expect(engine.registered).toEqual([['/a/b.txt']]);
});

it('serves its page and refuses to leave its folder', async () => {
  const { electron } = await start();
  const good = await electron.load('app://assay/index.html');
  expect([good.status, good.headers.get('content-security-policy')?.slice(0, 18)]).toEqual([200, "default-src 'none'"]);
  expect((await electron.load('app://assay/%2e%2e%2fetc/passwd')).status).toBe(400);
  expect((await electron.load('app://assay/index.html', 'POST')).status).toBe(405);
});

it('closing the window quits, and quitting stops the engine before the process leaves', async () => {
  const { electron, engine } = await start();
  electron.windows[0]?.emit('close', { preventDefault: () => undefined });
  await vi.waitFor(() => expect(electron.log).toContain('exit 0'), { timeout: 60_000 });
  expect(electron.log.slice(-3)).toEqual(['quit', 'quit held', 'exit 0']);
  expect(engine.disposed).toBe(1);
});

it('a start that fails says why in one sentence and leaves', async () => {
  const { electron, reports } = await start({
    createEngine: () => Promise.reject(new AppError('NETWORK_SHARE', 'The data directory is on a network share.')),
  });
  expect(electron.log.slice(-2)).toEqual([
    'error box Assay did not start: The data directory is on a network share.',
    'exit 1',
  ]);
  expect(reports).toHaveLength(1);
});

it('a defect at the start shows no detail', async () => {
  const { electron } = await start({ createEngine: () => Promise.reject(new Error('/home/a/secret')) });
  expect(electron.log.join()).not.toContain('secret');
});
