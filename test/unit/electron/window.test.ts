import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTrustedSenders, type TrustedSenders } from '#main/ipc/sender.ts';
import { menuTemplate } from '#main/shells/electron/menu.ts';
import { dialogSaveTarget } from '#main/shells/electron/save-dialog.ts';
import { windowOptions } from '#main/shells/electron/window-options.ts';
import { openWindow, type ShellWindow } from '#main/shells/electron/window.ts';
import { WindowDouble } from './electron-double.ts';
import { engineDouble, type EngineDouble } from './engine-double.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('every protection of a page is set by name', () => {
  expect(windowOptions('/app/preload.cjs', false).webPreferences).toEqual({
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: false,
  });
});

it('the system keeps the window’s place under a name', () => {
  expect(windowOptions('', false)).toMatchObject({ name: 'main', windowStatePersistence: true, show: false });
});

it('developer tools and reload are there in development only', () => {
  expect(JSON.stringify(menuTemplate('linux', false))).not.toMatch(/reload|toggleDevTools/i);
  expect(JSON.stringify(menuTemplate('darwin', true))).toMatch(/reload.*toggleDevTools/i);
});

async function open(): Promise<{
  readonly window: WindowDouble;
  readonly engine: EngineDouble;
  readonly senders: TrustedSenders;
  readonly faults: string[];
  clock: number;
}> {
  const engine = engineDouble();
  const senders = createTrustedSenders(['app://assay']);
  const window = new WindowDouble({}, 5);
  const faults: string[] = [];
  const state = { window, engine, senders, faults, clock: 0 };
  await openWindow(
    {
      create: () => window as unknown as ShellWindow,
      options: {},
      url: 'app://assay/index.html',
      senders,
      onPush: (listener) => engine.engine.onPush(listener),
      onCloseAsked: () => faults.push('close asked'),
      onFault: (what, detail) => faults.push(`${what} ${detail}`),
    },
    () => state.clock,
  );
  return state;
}

const changed = { kinds: ['items' as const], intakeIds: [] };
const sender = { frame: { url: 'app://assay/', parent: null }, webContentsId: 5 };

it('shows the window when it has something to show', async () => {
  const { window } = await open();
  expect(window.log).toEqual([]);
  window.emit('ready-to-show');
  expect(window.log).toEqual(['show']);
});

it('closing the window only asks; it stays until quitting is decided', async () => {
  const { window, faults } = await open();
  let prevented = false;
  window.emit('close', { preventDefault: () => (prevented = true) });
  expect([prevented, faults, window.destroyed]).toEqual([true, ['close asked'], false]);
});

it('a closed window hears nothing more and is no longer trusted', async () => {
  const { window, engine, senders } = await open();
  expect(senders.trusts(sender)).toBe(true);
  engine.push('changed', changed);
  window.destroy();
  engine.push('changed', changed);
  vi.advanceTimersByTime(500);
  expect([window.webContents.sent, senders.trusts(sender), vi.getTimerCount()]).toEqual([[], false, 0]);
});

it('a crashed page is loaded again once; a second crash within a minute closes the window', async () => {
  const state = await open();
  const { window } = state;
  const crash = (): void => {
    window.webContents.crashed = true;
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  };
  crash();
  expect(window.loaded).toHaveLength(2);
  state.clock = 61_000;
  crash();
  expect([window.loaded.length, window.destroyed]).toEqual([3, false]);
  state.clock = 62_000;
  crash();
  expect([window.loaded.length, window.destroyed]).toEqual([3, true]);
  expect(state.faults).toEqual(Array(3).fill('page gone crashed'));
});

it('after a crash pushes reach the page that is back', async () => {
  const { window, engine } = await open();
  window.webContents.crashed = true;
  engine.push('changed', changed);
  vi.advanceTimersByTime(100);
  window.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
  engine.push('changed', changed);
  vi.advanceTimersByTime(100);
  expect(window.webContents.sent).toHaveLength(1);
});

it('the save dialog starts in downloads, then where the last file went; cancelling saves nothing', async () => {
  const asked: (string | undefined)[] = [];
  const answers = [
    { canceled: false, filePath: '/cases/7/a.csv' },
    { canceled: true, filePath: '' },
  ];
  const target = dialogSaveTarget(
    {
      showSaveDialog: (...args: unknown[]) => {
        asked.push((args.at(-1) as { defaultPath?: string }).defaultPath);
        return Promise.resolve(answers.shift() ?? { canceled: true, filePath: '' });
      },
    },
    () => '/downloads',
  );
  expect([await target.choose('a.csv'), await target.choose('b.csv')]).toEqual(['/cases/7/a.csv', null]);
  expect(asked).toEqual(['/downloads/a.csv', '/cases/7/b.csv']);
});
