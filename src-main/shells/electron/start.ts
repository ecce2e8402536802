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
import { bindIpc } from '../../ipc/bind.ts';
import { createRouter } from '../../ipc/router.ts';
import { createTrustedSenders, originOf, type MessageSender } from '../../ipc/sender.ts';
import type { Engine } from '../../services/engine-port.ts';
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
  readonly setMenu: (template: MenuItemConstructorOptions[]) => void;
}

export interface ElectronShellParts {
  /** Where Electron keeps its profile and its lock: below the data directory, so that each directory has one window. */
  readonly profile: string;
  readonly preload: string;
  readonly pageRoot: string;
  /** The development server's address, or null for the built page. */
  readonly devUrl: string | null;
  /** Files named on the command line, absolute. */
  readonly files: readonly string[];
  /** Takes the window of this data directory in every shell; false when another shell has it and was told instead. */
  readonly claim: (onMessage: (files: readonly string[]) => void) => Promise<boolean>;
  readonly createEngine: () => Promise<Engine>;
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Runs the Electron window from before ready to the last quit. Resolves when the window is open or handed over. */
export async function startElectron(electron: ElectronPieces, parts: ElectronShellParts): Promise<void> {
  const { app } = electron;
  app.setPath('userData', parts.profile);
  if (!app.requestSingleInstanceLock({ files: [...parts.files] })) {
    app.exit(0);
    return;
  }
  let window: OpenWindow | null = null;
  const arrived: string[] = [...parts.files];
  let deliver: (() => void) | null = null;
  const take = (files: readonly string[]): void => {
    arrived.push(...files);
    deliver?.();
    window?.focus();
  };
  app.on('second-instance', (_event, _argv, _cwd, data) => take(filesOf(data)));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    take([path]);
  });
  prepare(electron, parts);
  await app.whenReady();
  if (!(await parts.claim(take))) {
    app.exit(0);
    return;
  }
  const engine = await engineOrExit(electron, parts);
  if (engine === null) {
    return;
  }
  holdQuit({ app, dialog: electron.dialog, engine });
  app.on('window-all-closed', () => app.quit());
  window = await openBoundWindow(electron, parts, engine);
  deliver = () => {
    const files = arrived.splice(0);
    if (files.length > 0) {
      const { handle, names } = engine.registerPaths(files);
      window?.openFiles({ handle, names: [...names] });
    }
  };
  deliver();
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

async function engineOrExit({ app, dialog }: ElectronPieces, parts: ElectronShellParts): Promise<Engine | null> {
  try {
    return await parts.createEngine();
  } catch (error) {
    parts.report('start failed', { error });
    dialog.showErrorBox('Assay did not start', error instanceof Error ? error.message : String(error));
    app.exit(1);
    return null;
  }
}

async function openBoundWindow(
  electron: ElectronPieces,
  parts: ElectronShellParts,
  engine: Engine,
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
    onFault: (what, detail) => parts.report('page fault', { what, detail }),
  });
}

/** What a second start sent along; anything but a list of texts is no files. */
function filesOf(data: unknown): readonly string[] {
  const files = typeof data === 'object' && data !== null && 'files' in data ? data.files : null;
  return Array.isArray(files) ? files.filter((file): file is string => typeof file === 'string') : [];
}
