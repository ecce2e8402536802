import type { AssayBridge, PushName, Reply } from '#shared/contract/index.ts';

/** How a bridge reaches main. Nothing of it is exposed to the page. */
export interface BridgeTransport {
  call(name: unknown, input: unknown): Promise<unknown>;
  /** Sends the files' paths to main, in a way the page never sees them. */
  registerFiles(files: readonly unknown[]): Promise<unknown>;
  onPushes(listener: (pushes: unknown) => void): void;
}

interface Push {
  readonly name: PushName;
  readonly payload: unknown;
}

/**
 * The bridge a page gets: plain functions and data. Files of a second start wait until the page listens for them.
 * Self-contained: the chromium shell sends its source into the page, so it may use nothing from outside but types.
 */
export function createBridge(transport: BridgeTransport): AssayBridge {
  const listeners = new Map<PushName, Set<(payload: unknown) => void>>();
  let waiting: Push[] = [];
  const deliver = (push: Push): void => {
    const known = listeners.get(push.name);
    if (known !== undefined && known.size > 0) {
      known.forEach((listener) => listener(push.payload));
    } else if (push.name === 'openFiles') {
      waiting.push(push);
    }
  };
  transport.onPushes((pushes) => (pushes as readonly Push[]).forEach(deliver));
  return {
    call: (name, input) => transport.call(name, input) as Promise<Reply<unknown>>,
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      const due = waiting.filter((push) => push.name === name);
      waiting = waiting.filter((push) => push.name !== name);
      due.forEach(deliver);
      return () => {
        set.delete(listener);
      };
    },
    registerFiles: (files) => transport.registerFiles(files) as ReturnType<AssayBridge['registerFiles']>,
  };
}
