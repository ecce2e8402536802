import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, crashReporter, dialog, ipcMain, Menu, protocol, session, shell } from 'electron';
import { tryLockExclusive } from './db/process-lock.ts';
import { createEngine } from './engine.ts';
import { createLogger } from './logging/logger.ts';
import { resolveDataDirectory } from './platform/data-directory.ts';
import { programFolder } from './platform/resources.ts';
import { showInFolder } from './platform/show-in-folder.ts';
import { electronNotification } from './shells/electron/background/electron-notification.ts';
import { electronTray } from './shells/electron/background/electron-tray.ts';
import { loginStart, startsHidden } from './shells/electron/background/start-at-login.ts';
import { electronPreferences } from './shells/electron/preferences.ts';
import { electronPrinter, PRINT_PARTITION } from './shells/electron/printer.ts';
import { dialogSaveTarget } from './shells/electron/save-dialog.ts';
import { startElectron } from './shells/electron/start.ts';
import { demoStarter } from './shells/launch/demo/start-demo.ts';
import { developmentUrl } from './shells/page/development-url.ts';
import { severityOf } from './shells/page/severity.ts';
import { openWindowDoor } from './shells/page/window-door.ts';

/** Electron's entry: hands Electron and the engine to the shell. Decisions are made there, where tests reach them. */
const { values, positionals } = parseArgs({
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  allowPositionals: true,
  strict: false,
  options: { data: { type: 'string' }, hidden: { type: 'boolean' } },
});
const directory = resolveDataDirectory(typeof values.data === 'string' ? values.data : undefined);
const logger = createLogger(directory).child({ feature: 'window' });
const built = join(programFolder(), '.build');
const startDemo = demoStarter({ root: programFolder(), directory, shell: 'electron', env: process.env });
const startAtLogin = loginStart({
  app,
  platform: process.platform,
  args: [
    ...(app.isPackaged ? [] : [resolve(process.argv[1] ?? '.')]),
    ...(values.data === undefined ? [] : ['--data', directory]),
  ],
  linux: { configHome: process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), program: process.execPath },
});
const files = positionals.map((file) => resolve(file));

void startElectron(
  {
    app,
    crashReporter,
    dialog,
    ipcMain,
    protocol,
    defaultSession: () => session.defaultSession,
    createWindow: (options) => new BrowserWindow(options),
    createTray: () => electronTray(join(programFolder(), 'resources', 'tray')),
    notify: electronNotification,
    setMenu: (template) => Menu.setApplicationMenu(Menu.buildFromTemplate(template)),
  },
  {
    profile: join(directory, 'electron-profile'),
    preload: join(built, 'preload', 'index.cjs'),
    pageRoot: join(built, 'renderer'),
    devUrl: app.isPackaged ? null : developmentUrl(process.env['ELECTRON_RENDERER_URL']),
    files,
    startsHidden: () => startsHidden(app, process.platform, values.hidden === true),
    async claim(onMessage) {
      const outcome = await openWindowDoor({ directory, tryLock: tryLockExclusive, files, onMessage });
      return outcome.kind === 'first';
    },
    createEngine: (notifications) =>
      createEngine({
        directory,
        notifications,
        threads: 'workers',
        shell: 'electron',
        preferences: electronPreferences(directory),
        saveTarget: dialogSaveTarget(dialog, () => app.getPath('downloads')),
        showInFolder,
        printer: electronPrinter({
          create: (options) => new BrowserWindow(options),
          session: () => session.fromPartition(PRINT_PARTITION),
        }),
        ...(startDemo === undefined ? {} : { startDemo }),
        ...(startAtLogin === undefined ? {} : { startAtLogin }),
        openPage: (url) => shell.openExternal(url),
        onFault: (what, error) => logger.error('fault', { what, error }),
      }),
    report: (event, fields) => logger[severityOf(event)](event, fields),
  },
);
