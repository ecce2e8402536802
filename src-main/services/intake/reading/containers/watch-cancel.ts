import { MemberFault } from '../../../../formats/containers/port.ts';
import type { ReadingSession } from '../session.ts';

const LOOK_MS = 50;

/** A signal for readers that wait for other threads: aborted within 50 ms of a cancel. To be disposed of. */
export function watchCancel(session: Pick<ReadingSession, 'isCancelled'>): {
  readonly signal: AbortSignal;
  dispose(): void;
} {
  const controller = new AbortController();
  const timer = setInterval(() => {
    if (session.isCancelled) {
      // A reason like any other why a member ends early: whoever reads it keeps what came before.
      controller.abort(new MemberFault('limit', 'reading was cancelled'));
    }
  }, LOOK_MS);
  return { signal: controller.signal, dispose: () => clearInterval(timer) };
}
