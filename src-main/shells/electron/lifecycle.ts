import type { App, Dialog, Event } from 'electron';

/** What quitting needs to know of the engine. */
export interface Stoppable {
  busy(): boolean;
  dispose(): Promise<void>;
}

/** Longest time the way out may take, in milliseconds. After it the process leaves; what was committed is whole. */
export const QUIT_DEADLINE_MS = 6_000;

export interface QuitParts {
  readonly app: Pick<App, 'on' | 'exit' | 'quit'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly engine: Stoppable;
  readonly deadlineMs?: number;
}

/**
 * Holds a quit back until the engine has stopped, at most for the deadline. While jobs run the person is asked once;
 * staying keeps everything running, the window included. Without a window there is nobody to ask: the engine stops.
 */
export function holdQuit({ app, dialog, engine, deadlineMs = QUIT_DEADLINE_MS }: QuitParts): void {
  let phase: 'open' | 'asking' | 'stopping' = 'open';

  const stop = async (): Promise<void> => {
    phase = 'stopping';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    let code = 0;
    try {
      await Promise.race([engine.dispose(), deadline]);
    } catch {
      // The engine logs its own fault; the code tells whoever started this process.
      code = 1;
    }
    clearTimeout(timer);
    app.exit(code);
  };

  const ask = async (): Promise<void> => {
    phase = 'asking';
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: 'Work is still running.',
      detail: 'Quitting cancels it. What was read so far is kept.',
      buttons: ['Keep working', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) {
      await stop();
    } else {
      phase = 'open';
    }
  };

  app.on('before-quit', (event: Event) => {
    event.preventDefault();
    if (phase === 'open') {
      void (engine.busy() ? ask() : stop());
    }
  });
  app.on('window-all-closed', () => {
    if (phase !== 'stopping') {
      void stop();
    }
  });
}
