import { AppError } from '#shared/errors/app-error.ts';
import { CHANGE } from '../../db/change-kinds.ts';
import type { Database } from '../../db/port.ts';
import type { QueuePartArgs } from '../../db/repositories/queue-types.ts';

/** Somebody waits for it, so the process stays alive, also while all there is to do is to wait for a quota. */
const LOOK_MS = 1_000;

/** Settles when nothing of the part waits or is on its way any more, whoever sends it; rejects with CANCELLED. */
export function whenDrained(
  database: Pick<Database, 'read' | 'onChange'>,
  part: QueuePartArgs,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLooking = false;
    let isDue = false;
    const end = (finish: () => void): void => {
      stop();
      clearInterval(timer);
      signal.removeEventListener('abort', cancel);
      finish();
    };
    const cancel = (): void =>
      end(() => reject(new AppError('CANCELLED', 'Stopped waiting. What is queued stays queued.')));
    const look = async (): Promise<void> => {
      const { waiting, onTheWay } = await database.read('queueDepth', part);
      if (waiting + onTheWay === 0) {
        end(resolve);
      }
    };
    const lookAgain = (): void => {
      if (isLooking) {
        isDue = true;
        return;
      }
      isLooking = true;
      look()
        .catch((error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))))
        .finally(() => {
          isLooking = false;
          if (isDue) {
            isDue = false;
            lookAgain();
          }
        });
    };
    const stop = database.onChange(({ kinds }) => {
      if (kinds.includes(CHANGE.queue)) {
        lookAgain();
      }
    });
    const timer = setInterval(lookAgain, LOOK_MS);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) {
      cancel();
    } else {
      lookAgain();
    }
  });
}
