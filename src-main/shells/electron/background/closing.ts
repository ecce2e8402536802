import type { Dialog } from 'electron';
import { grouped } from '#shared/domain/grouped.ts';
import type { Engine } from '../../../services/engine-port.ts';

export interface ClosingParts {
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly engine: Pick<Engine, 'handlers'>;
  readonly onFault: (error: unknown) => void;
  /** Goes on without a window. */
  readonly keepWorking: () => void;
  readonly quit: () => void;
}

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
    const waiting = await workLeft(parts.engine);
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
        .catch(parts.onFault)
        .finally(() => {
          isAsking = false;
        });
    }
  };
}

/** Rows this process would go on asking about: none when another process asks, offline, or when all is held. */
async function workLeft({ handlers }: ClosingParts['engine']): Promise<number> {
  try {
    const { owner, offline, depth, inFlight, groups } = await handlers['outbound.state']({});
    const isHeld = groups.length > 0 && groups.every((group) => group.paused);
    return owner?.isThis === true && !offline && !isHeld ? Math.max(depth, inFlight) : 0;
  } catch {
    // Whatever is wrong with the queue, a person who closes the window wants it closed; what waits stays in the queue.
    return 0;
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
