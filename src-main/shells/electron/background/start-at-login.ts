import type { App } from 'electron';
import type { EngineOptions } from '../../../services/engine-port.ts';

/** Starts without a window; what a start at login gives itself. */
export const HIDDEN_ARGUMENT = '--hidden';

export interface LoginStartParts {
  readonly app: Pick<App, 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  /** What this program is started with besides its own path: the app's folder while it is not packaged, `--data DIR`. */
  readonly args: readonly string[];
}

/**
 * The start at login as the system keeps it. Undefined where Electron cannot arrange it (Linux): there a service of the
 * session that runs `assay run` does the same.
 */
export function loginStart({ app, platform, args }: LoginStartParts): EngineOptions['startAtLogin'] {
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
  return undefined;
}

/** Whether this start should show no window: told so, or by macOS, which gives a start at login no arguments. */
export function startsHidden(
  app: Pick<App, 'getLoginItemSettings'>,
  platform: NodeJS.Platform,
  isTold: boolean,
): boolean {
  return isTold || (platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}
