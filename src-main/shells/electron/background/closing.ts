import type { Dialog } from 'electron';
import { grouped } from '#shared/domain/grouped.ts';
import { workLeft } from '#shared/domain/work-left.ts';
import type { Engine } from '../../../services/engine-port.ts';

export interface ClosingParts {
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly engine: Pick<Engine, 'handlers'>;
  readonly onFault: (error: unknown) => void;
  /** Goes on without a window. */
  readonly keepWorking: () => void;
  readonly quit: () => void;
  /** Longest wait for what the queue holds, in milliseconds. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 2_000;
const KEEP_WORKING = 0;
const STOP = 1;
const CANCEL = 2;

/**
 * What closing the window does. Without work in the queue it quits. With work the person is asked once, and the answer
 * is remembered as the preference `onClose`; cancelling the question keeps the window and remembers nothing.
 */
export function closingWindow(parts: ClosingParts): () => void {
  let isAsking = false;
  const close = async (): Promise<void> => {
    const waiting = await workOf(parts.engine, parts.deadlineMs ?? DEADLINE_MS);
    if (waiting === 0) {
      parts.quit();
      return;
    }
    const { preferences } = await parts.engine.handlers['app.bootstrap']({});
    const choice = preferences.onClose;
    const decided = choice === 'ask' ? await ask(parts, waiting) : choice;
    if (decided === 'keep-working') {
      parts.keepWorking();
    } else if (decided === 'stop') {
      parts.quit();
    }
  };
  return () => {
    if (!isAsking) {
      isAsking = true;
      void close()
        .catch((error: unknown) => {
          parts.onFault(error);
          // Whatever is wrong, a person who closes the window wants it closed; what waits stays in the queue.
          parts.quit();
        })
        .finally(() => {
          isAsking = false;
        });
    }
  };
}

/** What a person must be asked about; nothing when that cannot be told in time: then the window closes as it was told. */
async function workOf({ handlers }: ClosingParts['engine'], deadlineMs: number): Promise<number> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(0), deadlineMs);
  });
  const look = async (): Promise<number> => {
    const outbound = await handlers['outbound.state']({});
    const { sources } = await handlers['sources.list']({});
    return workLeft(outbound, sources);
  };
  try {
    return await Promise.race([look(), deadline]);
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

async function ask(parts: ClosingParts, waiting: number): Promise<'keep-working' | 'stop' | 'cancel'> {
  const { response } = await parts.dialog.showMessageBox({
    type: 'question',
    message: waiting === 1 ? '1 hash waits to be asked about.' : `${grouped(waiting)} hashes wait to be asked about.`,
    detail:
      'Assay can go on without a window; its mark in the tray brings the window back, and so does starting it again. ' +
      'Stopped, the queue waits until Assay runs again. The answer is remembered; Settings change it.',
    buttons: ['Keep working in the tray', 'Stop', 'Cancel'],
    defaultId: KEEP_WORKING,
    cancelId: CANCEL,
  });
  if (response === CANCEL) {
    return 'cancel';
  }
  const decided = response === STOP ? 'stop' : 'keep-working';
  await parts.engine.handlers['preferences.set']({ onClose: decided });
  return decided;
}
