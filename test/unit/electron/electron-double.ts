import { EventEmitter } from 'node:events';
import type {
  App,
  BrowserWindowConstructorOptions,
  CallbackResponse,
  CustomScheme,
  IpcMainInvokeEvent,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OnBeforeRequestListenerDetails,
  Protocol,
  Session,
  WebContents,
} from 'electron';
import type { ElectronPieces } from '#main/shells/electron/start.ts';
import type { ShellTray } from '#main/shells/electron/background/tray.ts';
import type { ShellWindow } from '#main/shells/electron/window.ts';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
type PermissionRequest = Parameters<NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>>;
type PermissionCheck = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;
type BeforeRequest = [OnBeforeRequestListenerDetails, (response: CallbackResponse) => void];
type Serve = Parameters<Protocol['handle']>[1];

/** What happened to the double, in order, as short lines. */
export type Log = string[];

/** A page's contents: events, what was sent to it, and how it may be crashed. */
export class ContentsDouble extends EventEmitter {
  readonly id: number;
  readonly sent: unknown[][] = [];
  url = 'about:blank';
  destroyed = false;
  crashed = false;
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null;

  constructor(id: number) {
    super();
    this.id = id;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isCrashed(): boolean {
    return this.crashed;
  }
  getURL(): string {
    return this.url;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }
}

export class WindowDouble extends EventEmitter {
  readonly webContents: ContentsDouble;
  readonly options: BrowserWindowConstructorOptions;
  readonly loaded: string[] = [];
  readonly log: Log = [];
  minimized = false;
  destroyed = false;

  constructor(options: BrowserWindowConstructorOptions, id: number) {
    super();
    this.options = options;
    this.webContents = new ContentsDouble(id);
  }
  loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.webContents.url = url;
    this.webContents.crashed = false;
    return Promise.resolve();
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  hide(): void {
    this.log.push('hide');
  }
  show(): void {
    this.log.push('show');
  }
  focus(): void {
    this.log.push('focus');
  }
  restore(): void {
    this.log.push('restore');
  }
  destroy(): void {
    this.destroyed = true;
    this.webContents.destroyed = true;
    this.emit('closed');
  }
}

/** The mark beside the clock: what it says, and a way to press it. */
export class TrayDouble implements ShellTray {
  tooltip = '';
  menu: MenuItemConstructorOptions[] = [];
  click: () => void = () => undefined;
  isGone = false;

  setToolTip(text: string): void {
    this.tooltip = text;
  }
  setMenu(template: MenuItemConstructorOptions[]): void {
    this.menu = template;
  }
  onClick(listener: () => void): void {
    this.click = listener;
  }
  destroy(): void {
    this.isGone = true;
  }
  labels(): readonly string[] {
    return this.menu.flatMap((item) => (item.label === undefined ? [] : [item.label]));
  }
  /** Chooses a line of the menu as a person would. */
  choose(label: string): void {
    const item = this.menu.find((one) => one.label === label);
    if (item?.click === undefined || item.enabled === false) {
      throw new Error(`The tray has no line ${label} to choose.`);
    }
    (item.click as () => void)();
  }
}

/** Keeps what a session was told, so that a test can ask it as Chromium would. */
export class SessionDouble {
  request: ((...args: PermissionRequest) => void) | null = null;
  check: PermissionCheck | null = null;
  device: Parameters<Session['setDevicePermissionHandler']>[0] = null;
  display: Parameters<Session['setDisplayMediaRequestHandler']>[0] = null;
  before: ((...args: BeforeRequest) => void) | null = null;

  readonly webRequest = {
    onBeforeRequest: (listener: (...args: BeforeRequest) => void): void => {
      this.before = listener;
    },
  };
  setPermissionRequestHandler(handler: ((...args: PermissionRequest) => void) | null): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: PermissionCheck | null): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: Parameters<Session['setDevicePermissionHandler']>[0]): void {
    this.device = handler;
  }
  setDisplayMediaRequestHandler(handler: Parameters<Session['setDisplayMediaRequestHandler']>[0]): void {
    this.display = handler;
  }
  /** Whether a request would be let through. */
  lets(url: string): boolean {
    let cancelled = true;
    this.before?.({ url } as BeforeRequest[0], (response) => {
      cancelled = response.cancel === true;
    });
    return !cancelled;
  }
}

export interface ElectronDouble {
  readonly pieces: ElectronPieces;
  readonly log: Log;
  readonly app: EventEmitter;
  readonly session: SessionDouble;
  readonly windows: WindowDouble[];
  readonly schemes: CustomScheme[];
  readonly menus: MenuItemConstructorOptions[][];
  readonly trays: TrayDouble[];
  readonly boxes: MessageBoxOptions[];
  /** Notifications of the desktop, each with a way to click it. */
  readonly notices: { readonly title: string; readonly body: string; readonly click: () => void }[];
  /** What the next question is answered with. */
  answer: number;
  /** Sends a message over IPC as a frame of a window would. */
  invoke(
    channel: string,
    from: { readonly url: string; readonly id: number; readonly parent?: unknown },
    ...args: unknown[]
  ): unknown;
  /** Asks the page's scheme for an address. */
  load(url: string, method?: string): Promise<Response>;
}

/** Electron's pieces, typed by its own declarations, with everything they are told kept in order. */
export function electronDouble(options: { readonly hasLock?: boolean } = {}): ElectronDouble {
  const log: Log = [];
  const app = new EventEmitter();
  const handlers = new Map<string, Handler>();
  const session = new SessionDouble();
  let serve: Serve | null = null;

  Object.assign(app, {
    setPath: (name: string, path: string) => log.push(`setPath ${name} ${path}`),
    requestSingleInstanceLock: (data: unknown) => {
      log.push(`lock ${JSON.stringify(data)}`);
      return options.hasLock ?? true;
    },
    enableSandbox: () => log.push('sandbox'),
    whenReady: () => {
      log.push('ready');
      return Promise.resolve();
    },
    quit: () => {
      log.push('quit');
      app.emit('before-quit', { preventDefault: () => log.push('quit held') });
    },
    exit: (code: number) => log.push(`exit ${code}`),
  });

  const double: ElectronDouble = {
    log,
    app,
    session,
    windows: [],
    schemes: [],
    menus: [],
    trays: [],
    boxes: [],
    notices: [],
    answer: 0,
    invoke(channel, from, ...args) {
      const handler = handlers.get(channel);
      const event = { senderFrame: { url: from.url, parent: from.parent ?? null }, sender: { id: from.id } };
      return handler?.(event as unknown as IpcMainInvokeEvent, ...args);
    },
    async load(url, method = 'GET') {
      if (serve === null) {
        throw new Error('no handler for the scheme');
      }
      return serve({ url, method } as unknown as Request);
    },
    pieces: {
      app: app as unknown as App,
      crashReporter: { start: (start) => log.push(`crash reporter upload ${String(start.uploadToServer)}`) },
      dialog: {
        showMessageBox: (...args: unknown[]) => {
          double.boxes.push(args.at(-1) as MessageBoxOptions);
          return Promise.resolve({ response: double.answer, checkboxChecked: false });
        },
        showErrorBox: (title, content) => log.push(`error box ${title}: ${content}`),
      },
      ipcMain: {
        handle: (channel, handler) => void handlers.set(channel, handler as Handler),
        removeHandler: (channel) => void handlers.delete(channel),
      },
      protocol: {
        registerSchemesAsPrivileged: (schemes) => {
          log.push('scheme');
          double.schemes.push(...schemes);
        },
        handle: (_scheme, handler) => {
          serve = handler;
        },
      },
      defaultSession: () => session as unknown as Session,
      createWindow: (windowOptions) => {
        log.push('window');
        const window = new WindowDouble(windowOptions, double.windows.length + 1);
        double.windows.push(window);
        app.emit('web-contents-created', {}, window.webContents);
        return window as unknown as ShellWindow;
      },
      createTray: () => {
        log.push('tray');
        const tray = new TrayDouble();
        double.trays.push(tray);
        return tray;
      },
      notify: (text, onClick) => void double.notices.push({ ...text, click: onClick }),
      setMenu: (template) => void double.menus.push(template),
    },
  };
  return double;
}
