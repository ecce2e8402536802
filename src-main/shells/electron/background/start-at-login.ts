import type { App } from 'electron';
import { autostartEntry } from '../../../platform/autostart-entry.ts';
import type { EngineOptions } from '../../../services/engine-port.ts';

/** Starts without a window; what a start at login gives itself. */
export const HIDDEN_ARGUMENT = '--hidden';

export interface LoginStartParts {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  /** What this program is started with besides its own path: the app's folder while it is not packaged, `--data DIR`. */
  readonly args: readonly string[];
  /** On Linux, where Electron keeps no login item: the account's folder of settings, and the program itself. */
  readonly linux: { readonly configHome: string; readonly program: string };
}

/**
 * The start at login as the system keeps it: a login item, or on Linux an entry that desktops start. Undefined where
 * neither exists.
 */
export function loginStart({ app, platform, args, linux }: LoginStartParts): EngineOptions['startAtLogin'] {
  if (platform === 'darwin') {
    return {
      get: () => app.getLoginItemSettings().openAtLogin,
      set: (on) => app.setLoginItemSettings({ openAtLogin: on }),
    };
  }
  if (platform === 'win32') {
    // The registry keeps one command line: without quotes a folder with a space would come apart.
    const quoted = [...args, HIDDEN_ARGUMENT].map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg));
    return {
      get: () => app.getLoginItemSettings({ args: quoted }).openAtLogin,
      set: (on) => app.setLoginItemSettings({ openAtLogin: on, args: quoted }),
    };
  }
  return platform === 'linux'
    ? autostartEntry({ configHome: linux.configHome, command: [linux.program, ...args, HIDDEN_ARGUMENT] })
    : undefined;
}

/** Whether this start should show no window: told so, or by macOS, which gives a start at login no arguments. */
export function startsHidden(
  app: Pick<App, 'getLoginItemSettings'>,
  platform: NodeJS.Platform,
  isTold: boolean,
): boolean {
  return isTold || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}
