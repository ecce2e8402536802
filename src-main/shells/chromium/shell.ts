import { join, resolve } from 'node:path';
import type { Engine } from '../../services/engine-port.ts';
import { openWindowDoor, type DoorOutcome, type WindowDoorParts } from '../page/window-door.ts';
import type { Browser } from './find-browser.ts';
import type { TestLaunch } from './launch-options.ts';
import { openChromiumWindow, type ChromiumWindow } from './window.ts';

const REOPEN_PAUSE_MS = 60_000;

export interface ChromiumShellParts {
  readonly directory: string;
  readonly files: readonly string[];
  readonly pageRoot: string;
  readonly devUrl: string | null;
  readonly browser: Browser;
  readonly createEngine: () => Promise<Engine>;
  readonly tryLock: WindowDoorParts['tryLock'];
  readonly report: (event: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Called when the window is closed, before the engine stops; a fault of it changes nothing. */
  readonly onStopping?: (engine: Engine) => Promise<void>;
  readonly test?: TestLaunch;
}

export interface ChromiumShell {
  readonly engine: Engine;
  /** The window as it is now: another one after a crash. */
  readonly window: ChromiumWindow;
  /** Resolves when the window is closed and the engine has stopped. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export type ShellOutcome =
  | { readonly kind: 'open'; readonly shell: ChromiumShell }
  | { readonly kind: Exclude<DoorOutcome['kind'], 'first'> };

/**
 * One window on the data directory: opens it, or hands the files to the one that is open. Browser closed = engine
 * stopped, in that order, and the next start finds the directory free.
 */
export async function openChromiumShell(parts: ChromiumShellParts): Promise<ShellOutcome> {
  const files = parts.files.map((file) => resolve(file));
  let take: (more: readonly string[]) => void = (more) => void files.push(...more);
  const outcome = await openWindowDoor({
    directory: parts.directory,
    tryLock: parts.tryLock,
    files,
    onMessage: (more) => take(more),
  });
  if (outcome.kind !== 'first') {
    return { kind: outcome.kind };
  }
  const { door } = outcome;
  let engine: Engine | null = null;
  try {
    engine = await parts.createEngine();
    const running = engine;
    const open = (): Promise<ChromiumWindow> =>
      openChromiumWindow({ ...parts, engine: running, profile: join(parts.directory, 'chromium-profile') });
    let window = await open();
    take = (more) => {
      openFiles(running, window, more);
      void window.focus().catch(() => undefined);
    };
    openFiles(running, window, files);
    const ended = stayOpen(
      () => window,
      async () => {
        parts.report('page gone', { reason: 'crash' });
        window = await open();
      },
    ).finally(async () => {
      await parts.onStopping?.(running).catch((error: unknown) => parts.report('fault', { what: 'stopping', error }));
      await running.dispose();
      await door.close();
    });
    return {
      kind: 'open',
      shell: {
        engine: running,
        get window() {
          return window;
        },
        ended,
        close: () => window.close().then(() => ended),
      },
    };
  } catch (error) {
    await engine?.dispose();
    await door.close();
    throw error;
  }
}

/** Until the window is closed. After a crash it is opened anew, but not twice within a minute. */
async function stayOpen(current: () => ChromiumWindow, reopen: () => Promise<void>): Promise<void> {
  let reopenedAt = -Infinity;
  while ((await current().closed) === 'crashed' && performance.now() - reopenedAt > REOPEN_PAUSE_MS) {
    reopenedAt = performance.now();
    await reopen();
  }
}

function openFiles(engine: Engine, window: ChromiumWindow, files: readonly string[]): void {
  if (files.length > 0) {
    const { handle, names } = engine.registerPaths(files);
    window.openFiles({ handle, names: [...names] });
  }
}
