import { resolve } from 'node:path';
import type {
  App,
  BrowserWindowConstructorOptions,
  CrashReporter,
  Dialog,
  IpcMain,
  MenuItemConstructorOptions,
  Protocol,
  Session,
} from 'electron';
import { isAppError } from '#shared/errors/app-error.ts';
import { bindIpc } from '../../ipc/bind.ts';
import { createRouter } from '../../ipc/router.ts';
import { createTrustedSenders, originOf, type MessageSender } from '../../ipc/sender.ts';
import type { Notifications, NotificationText } from '../../platform/notifications.ts';
import type { Engine } from '../../services/engine-port.ts';
import { closingWindow } from './background/closing.ts';
import { showTray, type ShellTray } from './background/tray.ts';
import { guardContents, guardSession } from './guards.ts';
import { holdQuit } from './lifecycle.ts';
import { menuTemplate } from './menu.ts';
import { registerAppScheme, serveAppScheme } from './page-protocol.ts';
import { APP_ORIGIN, APP_URL, windowOptions } from './window-options.ts';
import { openWindow, type OpenWindow, type ShellWindow } from './window.ts';

/** Electron as this shell uses it; a test hands in a double of the same types. */
export interface ElectronPieces {
  readonly app: App;
  readonly crashReporter: Pick<CrashReporter, 'start'>;
  readonly dialog: Pick<Dialog, 'showMessageBox' | 'showErrorBox'>;
  readonly ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'>;
  readonly defaultSession: () => Session;
  readonly createWindow: (options: BrowserWindowConstructorOptions) => ShellWindow;
  readonly createTray: () => ShellTray;
  readonly notify: (text: NotificationText, onClick: () => void) => void;
  readonly setMenu: (template: MenuItemConstructorOptions[]) => void;
}

export interface ElectronShellParts {
  /** Where Electron keeps its profile and its lock: below the data directory, so that each directory has one window. */
  readonly profile: string;
  readonly preload: string;
  readonly pageRoot: string;
  /** The development server's address, or null for the built page. */
  readonly devUrl: string | null;
  /** Starts without a window, with the tray alone. Asked once the app is ready. */
  readonly startsHidden: () => boolean;
  /** Files named on the command line, absolute. */
  readonly files: readonly string[];
  /** Takes the window of this data directory in every shell; false when another shell has it and was told instead. */
  readonly claim: (onMessage: (files: readonly string[]) => void) => Promise<boolean>;
  readonly createEngine: (notifications: Notifications) => Promise<Engine>;
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Runs the Electron window from before ready to the last quit. Resolves when the window is open, handed over, or the
 * start failed and was told; never rejects.
 */
export async function startElectron(electron: ElectronPieces, parts: ElectronShellParts): Promise<void> {
  const { app, dialog } = electron;
  let engine: Engine | null = null;
  try {
    app.setPath('userData', parts.profile);
    if (!app.requestSingleInstanceLock({ files: [...parts.files] })) {
      app.exit(0);
      return;
    }
    const arrivals = collectFiles(app, parts.files);
    prepare(electron, parts);
    await app.whenReady();
    if (!(await parts.claim(arrivals.take))) {
      app.exit(0);
      return;
    }
    let window: OpenWindow | null = null;
    engine = await parts.createEngine({
      show: (text) =>
        electron.notify(text, () => {
          window?.focus();
          window?.openView('changes');
        }),
    });
    holdQuit({ app, dialog, engine });
    window = await openInBackgroundOrSight(electron, parts, engine);
    arrivals.deliverTo(window, engine);
  } catch (error) {
    parts.report('start failed', { error });
    dialog.showErrorBox('Assay did not start', isAppError(error) ? error.message : 'Unexpected fault; see the log.');
    await engine?.dispose();
    app.exit(1);
  }
}

interface Arrivals {
  readonly take: (files: readonly string[]) => void;
  deliverTo(window: OpenWindow, engine: Engine): void;
}

/** Files of this start and of later ones; they wait until the window is open. */
function collectFiles(app: App, first: readonly string[]): Arrivals {
  let waiting = [...first];
  let open: { readonly window: OpenWindow; readonly engine: Engine } | null = null;
  const flush = (): void => {
    if (open === null || waiting.length === 0) {
      return;
    }
    const { handle, names } = open.engine.registerPaths(waiting);
    waiting = [];
    open.window.openFiles({ handle, names: [...names] });
  };
  const take = (files: readonly string[]): void => {
    waiting.push(...files);
    flush();
    open?.window.focus();
  };
  app.on('second-instance', (_event, _argv, _folder, data) => take(filesOf(data)));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    take([path]);
  });
  return {
    take,
    deliverTo(window, engine) {
      open = { window, engine };
      flush();
    },
  };
}

/** What must happen before ready. */
function prepare({ app, crashReporter, protocol }: ElectronPieces, parts: ElectronShellParts): void {
  app.enableSandbox();
  crashReporter.start({ uploadToServer: false });
  registerAppScheme(protocol);
  guardContents(app, (what, detail) => parts.report('page refused', { what, detail }));
  app.on('child-process-gone', (_event, details) =>
    parts.report('process gone', { type: details.type, reason: details.reason }),
  );
}

/** The window, and the tray in its place while it is out of sight. */
async function openInBackgroundOrSight(
  electron: ElectronPieces,
  parts: ElectronShellParts,
  engine: Engine,
): Promise<OpenWindow> {
  const { app, dialog } = electron;
  const onFault = (error: unknown): void => parts.report('fault', { what: 'background', error });
  let window: OpenWindow | null = null;
  let stopTray: (() => void) | null = null;
  const toSight = (): void => {
    stopTray?.();
    stopTray = null;
    window?.focus();
  };
  const toTray = (): void => {
    window?.hide();
    stopTray ??= showTray({
      create: electron.createTray,
      engine,
      open: toSight,
      quit: () => app.quit(),
      onFault,
    });
  };
  const hidden = parts.startsHidden();
  const closing = closingWindow({ dialog, engine, keepWorking: toTray, quit: () => app.quit(), onFault });
  window = await openBoundWindow(electron, parts, engine, { hidden, onCloseAsked: closing });
  if (hidden) {
    toTray();
  }
  return { ...window, focus: toSight };
}

async function openBoundWindow(
  electron: ElectronPieces,
  parts: ElectronShellParts,
  engine: Engine,
  { hidden, onCloseAsked }: { readonly hidden: boolean; readonly onCloseAsked: () => void },
): Promise<OpenWindow> {
  const devOrigin = parts.devUrl === null ? null : originOf(parts.devUrl);
  const origins = devOrigin === null ? [APP_ORIGIN] : [APP_ORIGIN, devOrigin];
  const senders = createTrustedSenders(origins);
  const router = createRouter<MessageSender>({
    handlers: engine.handlers,
    trusts: (sender) => senders.trusts(sender),
    registerPaths: (paths) => engine.registerPaths(paths.map((path) => resolve(path))),
    onDefect: (where, error) => parts.report('defect', { where, error }),
  });
  bindIpc(electron.ipcMain, router);
  guardSession(electron.defaultSession(), origins, (what, detail) => parts.report('page refused', { what, detail }));
  serveAppScheme(electron.protocol, parts.pageRoot);
  electron.setMenu(menuTemplate(process.platform, devOrigin !== null));
  return openWindow({
    create: electron.createWindow,
    options: windowOptions(parts.preload, devOrigin !== null),
    url: devOrigin === null || parts.devUrl === null ? APP_URL : parts.devUrl,
    senders,
    onPush: (listener) => engine.onPush(listener),
    hidden,
    onCloseAsked,
    onFault: (what, detail) => parts.report('page fault', { what, detail }),
  });
}

/** What a second start sent along; anything but a list of texts is no files. */
function filesOf(data: unknown): readonly string[] {
  const files = typeof data === 'object' && data !== null && 'files' in data ? data.files : null;
  return Array.isArray(files) ? files.filter((file): file is string => typeof file === 'string') : [];
}
