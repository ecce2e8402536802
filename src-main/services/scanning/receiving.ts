import { setTimeout as delay } from 'node:timers/promises';
import type { IntakeService } from '../intake/port.ts';

/** How long closing waits for what arrived to be queued, in milliseconds. */
const DISPOSE_MS = 3_000;

/** Receives intakes as they become ready, one after the other. A failure is told, never thrown: the intake stands. */
export function startReceiving(parts: {
  readonly intakes: Pick<IntakeService, 'onReady'>;
  readonly receive: (intakeId: number, signal: AbortSignal) => Promise<number>;
  readonly onFault: (error: unknown) => void;
}): { settled(): Promise<void>; dispose(): Promise<void> } {
  const stop = new AbortController();
  let last: Promise<void> = Promise.resolve();

  const receiveOne = async (before: Promise<void>, intakeId: number): Promise<void> => {
    await before;
    if (stop.signal.aborted) {
      return;
    }
    try {
      await parts.receive(intakeId, stop.signal);
    } catch (error) {
      parts.onFault(error);
    }
  };
  const unsubscribe = parts.intakes.onReady((intakeId) => {
    last = receiveOne(last, intakeId);
  });

  return {
    settled: () => last,
    async dispose() {
      unsubscribe();
      await Promise.race([last, delay(DISPOSE_MS, undefined, { ref: false })]);
      stop.abort();
      await last;
    },
  };
}
