import type { Engine, PushListener } from '#main/services/engine-port.ts';
import { recordingHandlers } from '../ipc/contract-handlers.ts';

export interface EngineDouble {
  readonly engine: Engine;
  readonly registered: (readonly string[])[];
  readonly push: PushListener;
  isBusy: boolean;
  disposed: number;
  /** What disposing waits for. */
  disposal: Promise<void>;
}

/** The engine as a shell sees it: handlers, pushes, paths, busy, dispose. */
export function engineDouble(): EngineDouble {
  const listeners = new Set<PushListener>();
  const double: EngineDouble = {
    registered: [],
    isBusy: false,
    disposed: 0,
    disposal: Promise.resolve(),
    push: (name, payload) => listeners.forEach((listener) => listener(name, payload)),
    engine: {
      handlers: recordingHandlers().handlers,
      onPush(listener: PushListener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      registerPaths(paths: readonly string[]) {
        double.registered.push([...paths]);
        return { handle: `h${double.registered.length}`, names: paths.map((path) => path.split('/').at(-1) ?? '') };
      },
      busy: () => double.isBusy,
      dispose() {
        double.disposed += 1;
        return double.disposal;
      },
    } as unknown as Engine,
  };
  return double;
}
