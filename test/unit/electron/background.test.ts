import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { CallName } from '#shared/contract/index.ts';
import type { OutboundState } from '#shared/contract/outbound.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { loginStart, startsHidden } from '#main/shells/electron/background/start-at-login.ts';
import { startElectron } from '#main/shells/electron/start.ts';
import { recordingHandlers } from '../ipc/contract-handlers.ts';
import { electronDouble, type ElectronDouble } from './electron-double.ts';
import { engineDouble } from './engine-double.ts';

const OWNER = { pid: 7, shell: 'electron', since: 0, isThis: true };
const LINUX = { configHome: '/nowhere', program: '/opt/assay/assay' };
const GROUP = {
  source: 'virustotal',
  purpose: 'new',
  intakeId: 7,
  title: 'list.csv',
  waiting: 206,
  onTheWay: 0,
  done: 0,
  dropped: 0,
  paused: false,
  waitingFor: '',
  endsAt: null,
} as const;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface World {
  state: Partial<OutboundState>;
  onClose: Preferences['onClose'];
  sources: { readonly source: string; readonly config: { readonly enabled: boolean }; readonly state: string }[];
  fails: boolean;
  hangs: boolean;
}

/** The shell over an engine that answers for a queue. */
async function start(change: Partial<World> = {}, hidden = false) {
  const world: World = {
    state: {},
    onClose: 'ask',
    sources: [{ source: 'virustotal', config: { enabled: true }, state: 'asking' }],
    fails: false,
    hangs: false,
    ...change,
  };
  const answers: Partial<Record<CallName, () => unknown>> = {
    'outbound.state': () => {
      if (world.fails) {
        throw new Error('the database is busy');
      }
      if (world.hangs) {
        return new Promise(() => undefined);
      }
      return {
        owner: OWNER,
        offline: false,
        sentence: '4 a minute',
        depth: 206,
        inFlight: 0,
        groups: [GROUP],
        ...world.state,
      };
    },
    'sources.list': () => ({ sources: world.sources }),
    'app.bootstrap': () => ({ preferences: { onClose: world.onClose } }),
  };
  const { handlers, reached } = recordingHandlers((name) => answers[name]?.() ?? {});
  const electron = electronDouble();
  const engine = engineDouble();
  const reports: unknown[] = [];
  await startElectron(electron.pieces, {
    profile: '/data/electron-profile',
    preload: '/app/preload/index.cjs',
    pageRoot: '/nowhere',
    devUrl: null,
    startsHidden: () => hidden,
    files: [],
    claim: () => Promise.resolve(true),
    createEngine: () => Promise.resolve({ ...engine.engine, handlers, simulated: false }),
    report: (event, fields) => reports.push([event, fields]),
  });
  const [window] = electron.windows;
  if (window === undefined) {
    throw new Error('no window');
  }
  const calls = (name: CallName): unknown[] => reached.filter((one) => one.name === name).map((one) => one.input);
  return { electron, engine, window, world, calls, reports };
}

const close = async ({ window }: { readonly window: ElectronDouble['windows'][number] }): Promise<void> => {
  window.emit('close', { preventDefault: () => undefined });
  await vi.advanceTimersByTimeAsync(0);
};
const trayOf = ({ electron }: { readonly electron: ElectronDouble }) => {
  const tray = electron.trays.at(-1);
  if (tray === undefined) {
    throw new Error('no tray');
  }
  return tray;
};

it('closing with hashes waiting asks once, and keeps working in the tray', async () => {
  const shell = await start();
  await close(shell);
  expect(shell.electron.boxes).toMatchObject([
    {
      message: '206 hashes wait to be asked about.',
      buttons: ['Keep working in the tray', 'Stop', 'Cancel'],
      cancelId: 2,
    },
  ]);
  expect(shell.window.log).toContain('hide');
  expect(shell.calls('preferences.set')).toEqual([{ onClose: 'keep-working' }]);
  expect([shell.electron.trays.length, shell.engine.disposed, shell.electron.log.includes('quit')]).toEqual([
    1,
    0,
    false,
  ]);
});

it('stopping is remembered too, and stops the engine', async () => {
  const shell = await start();
  shell.electron.answer = 1;
  await close(shell);
  expect(shell.calls('preferences.set')).toEqual([{ onClose: 'stop' }]);
  expect([shell.engine.disposed, shell.electron.log.at(-1)]).toEqual([1, 'exit 0']);
});

it('cancelling the question keeps the window and remembers nothing', async () => {
  const shell = await start();
  shell.electron.answer = 2;
  await close(shell);
  expect([shell.calls('preferences.set'), shell.electron.trays, shell.engine.disposed]).toEqual([[], [], 0]);
  expect(shell.window.log).not.toContain('hide');
  await close(shell);
  expect(shell.electron.boxes).toHaveLength(2);
});

it.each([
  ['keep-working', 1, 0],
  ['stop', 0, 1],
] as const)('a remembered answer is not asked for again: %s', async (onClose, trays, disposed) => {
  const shell = await start({ onClose });
  await close(shell);
  expect([shell.electron.boxes, shell.electron.trays.length, shell.engine.disposed]).toEqual([[], trays, disposed]);
});

it.each([
  ['nothing waits', { state: { depth: 0, groups: [] } }],
  ['another process asks', { state: { owner: { ...OWNER, isThis: false } } }],
  ['all of it is held', { state: { groups: [{ ...GROUP, paused: true }] } }],
  ['its source is held', { sources: [{ source: 'virustotal', config: { enabled: true }, state: 'paused' }] }],
  ['offline', { state: { offline: true } }],
  ['the queue cannot be read', { fails: true }],
] as const)('closing quits without a question when %s', async (_why, change) => {
  const shell = await start(change as Partial<World>);
  await close(shell);
  expect([shell.electron.boxes, shell.electron.trays, shell.engine.disposed]).toEqual([[], [], 1]);
});

it('a queue that does not answer keeps no window open', async () => {
  const shell = await start({ hangs: true });
  await close(shell);
  expect(shell.engine.disposed).toBe(0);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([shell.electron.boxes, shell.engine.disposed]).toEqual([[], 1]);
});

it('the tray says what waits, and opens the window again', async () => {
  const shell = await start({ onClose: 'keep-working' });
  await close(shell);
  const tray = trayOf(shell);
  expect([tray.tooltip, tray.labels()]).toEqual([
    'Assay: 4 a minute',
    ['Open Assay', '206 hashes wait', 'Pause all', 'Offline', 'Quit Assay'],
  ]);
  shell.world.state = { depth: 0, groups: [] };
  await vi.advanceTimersByTimeAsync(2_000);
  expect([tray.tooltip, tray.labels()[1]]).toEqual(['Assay: nothing waits', 'Nothing waits']);
  tray.choose('Open Assay');
  expect([shell.window.log.slice(-2), tray.isGone]).toEqual([['show', 'focus'], true]);
  const asked = shell.calls('outbound.state').length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(shell.calls('outbound.state')).toHaveLength(asked);
});

it('the tray holds, lets go, goes offline and quits', async () => {
  const shell = await start({ onClose: 'keep-working' });
  await close(shell);
  const tray = trayOf(shell);
  tray.choose('Pause all');
  await vi.advanceTimersByTimeAsync(0);
  shell.world.sources = [{ source: 'virustotal', config: { enabled: true }, state: 'paused' }];
  await vi.advanceTimersByTimeAsync(2_000);
  tray.choose('Resume all');
  await vi.advanceTimersByTimeAsync(0);
  tray.choose('Offline');
  await vi.advanceTimersByTimeAsync(0);
  expect([shell.calls('outbound.pause'), shell.calls('outbound.resume'), shell.calls('settings.set')]).toEqual([
    [{}],
    [{}],
    [{ offline: true }],
  ]);
  tray.choose('Quit Assay');
  await vi.advanceTimersByTimeAsync(0);
  expect([shell.engine.disposed, shell.electron.log.at(-1)]).toEqual([1, 'exit 0']);
});

it('a fault of the queue leaves the tray with a way to open and quit', async () => {
  const shell = await start({}, true);
  shell.world.fails = true;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(trayOf(shell).labels()).toContain('Open Assay');
  expect(shell.reports).toContainEqual(['fault', { what: 'background', error: new Error('the database is busy') }]);
});

it('a start without a window has the tray alone; another start shows the window', async () => {
  const shell = await start({}, true);
  shell.window.emit('ready-to-show');
  expect([shell.window.log.includes('show'), shell.electron.trays.length]).toEqual([false, 1]);
  shell.electron.app.emit('second-instance', {}, [], '/', { files: [] });
  expect([shell.window.log.slice(-2), trayOf(shell).isGone]).toEqual([['show', 'focus'], true]);
});

it('a start in sight shows the window and no tray', async () => {
  const shell = await start();
  shell.window.emit('ready-to-show');
  expect([shell.window.log, shell.electron.trays]).toEqual([['show'], []]);
});

function loginItems(wasOpenedAtLogin = false) {
  let kept: { readonly openAtLogin?: boolean; readonly args?: readonly string[] } = {};
  return {
    kept: () => kept,
    app: {
      setLoginItemSettings: (settings: typeof kept) => {
        kept = settings;
      },
      getLoginItemSettings: (options?: { readonly args?: readonly string[] }) => ({
        openAtLogin: kept.openAtLogin === true && JSON.stringify(options?.args) === JSON.stringify(kept.args),
        wasOpenedAtLogin,
      }),
    } as unknown as Parameters<typeof startsHidden>[0] & Parameters<typeof loginStart>[0]['app'],
  };
}

it('the start at login is kept by the system, without a window and with the same directory', () => {
  const items = loginItems();
  const start = loginStart({ app: items.app, platform: 'win32', args: ['--data', 'C:\\My cases'], linux: LINUX });
  expect(start?.get()).toBe(false);
  start?.set(true);
  expect([start?.get(), items.kept()]).toEqual([
    true,
    { openAtLogin: true, args: ['--data', '"C:\\My cases"', '--hidden'] },
  ]);
  start?.set(false);
  expect(start?.get()).toBe(false);
});

it('macOS starts the app itself and says that it did', () => {
  const items = loginItems(true);
  const start = loginStart({ app: items.app, platform: 'darwin', args: [], linux: LINUX });
  start?.set(true);
  expect([start?.get(), items.kept()]).toEqual([true, { openAtLogin: true }]);
  expect(startsHidden(items.app, 'darwin', false)).toBe(true);
  expect(startsHidden(loginItems(false).app, 'darwin', false)).toBe(false);
});

it('on Linux a desktop entry starts it, without a window and with the same directory', () => {
  const configHome = mkdtempSync(join(tmpdir(), 'assay-login-'));
  onTestFinished(() => rmSync(configHome, { recursive: true, force: true }));
  const linux = { configHome, program: '/opt/assay/assay' };
  const start = loginStart({ app: loginItems().app, platform: 'linux', args: ['--data', '/cases'], linux });
  start?.set(true);
  expect([start?.get(), readFileSync(join(configHome, 'autostart', 'assay.desktop'), 'utf8')]).toEqual([
    true,
    expect.stringContaining('Exec="/opt/assay/assay" "--data" "/cases" "--hidden"'),
  ]);
});

it('is not offered where nothing can arrange it; there only the argument starts without a window', () => {
  const items = loginItems(true);
  expect(loginStart({ app: items.app, platform: 'freebsd', args: [], linux: LINUX })).toBeUndefined();
  expect([startsHidden(items.app, 'linux', false), startsHidden(items.app, 'linux', true)]).toEqual([false, true]);
});
