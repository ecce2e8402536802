import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { pushTargetOf } from '../../ipc/bind.ts';
import { createPushBatcher } from '../../ipc/push-batcher.ts';
import type { TrustedSenders } from '../../ipc/sender.ts';
import type { PushPayload } from '#shared/contract/index.ts';
import type { PushListener } from '../../services/engine-port.ts';
import type { RefusalListener } from './guards.ts';

export type ShellWindow = Pick<
  BrowserWindow,
  | 'on'
  | 'once'
  | 'show'
  | 'hide'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'isDestroyed'
  | 'destroy'
  | 'loadURL'
  | 'webContents'
>;

export interface WindowParts {
  readonly create: (options: BrowserWindowConstructorOptions) => ShellWindow;
  readonly options: BrowserWindowConstructorOptions;
  readonly url: string;
  /** Stays out of sight until it is asked for. */
  readonly hidden?: boolean;
  readonly senders: TrustedSenders;
  readonly onPush: (listener: PushListener) => () => void;
  /** The person closes the window: quitting decides, since work may still run. The window stays until then. */
  readonly onCloseAsked: () => void;
  readonly onFault: RefusalListener;
}

/** A page that crashes is loaded again once a minute at most; a second crash in that time closes the window. */
const RELOAD_PAUSE_MS = 60_000;

/** The open window. */
export interface OpenWindow {
  /** To the front, from the task bar if need be. */
  focus(): void;
  /** Out of sight, still loaded and told of everything. */
  hide(): void;
  /** Tells the page of files named on a command line. */
  openFiles(files: PushPayload<'openFiles'>): void;
  /** Tells the page to show a view. */
  openView(view: PushPayload<'openView'>['view']): void;
}

/** Opens the window, lets it hear pushes while it lives, and brings a crashed page back once. */
export async function openWindow(parts: WindowParts, now: () => number = Date.now): Promise<OpenWindow> {
  const window = parts.create(parts.options);
  const { webContents } = window;
  const { id } = webContents;
  parts.senders.add(id);
  const batcher = createPushBatcher(pushTargetOf(webContents));
  const stopPushes = parts.onPush((name, payload) => batcher.push(name, payload));
  let reloadedAt = -Infinity;

  window.once('ready-to-show', () => {
    if (parts.hidden !== true) {
      window.show();
    }
  });
  window.on('close', (event) => {
    event.preventDefault();
    parts.onCloseAsked();
  });
  window.on('closed', () => {
    parts.senders.remove(id);
    stopPushes();
    batcher.dispose();
  });
  webContents.on('render-process-gone', (_event, details) => {
    parts.onFault('page gone', details.reason);
    if (window.isDestroyed() || details.reason === 'clean-exit') {
      return;
    }
    if (now() - reloadedAt < RELOAD_PAUSE_MS) {
      window.destroy();
      return;
    }
    reloadedAt = now();
    void window.loadURL(parts.url);
  });
  window.on('unresponsive', () => parts.onFault('page unresponsive', ''));
  await window.loadURL(parts.url);
  return {
    focus: () => focusWindow(window),
    hide() {
      if (!window.isDestroyed()) {
        window.hide();
      }
    },
    openFiles: (files) => batcher.push('openFiles', files),
    openView: (view) => batcher.push('openView', { view }),
  };
}

function focusWindow(window: ShellWindow): void {
  if (window.isDestroyed()) {
    return;
  }
  if (window.isMinimized()) {
    window.restore();
  }
  window.show();
  window.focus();
}
