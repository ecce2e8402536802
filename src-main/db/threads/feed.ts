export interface FeedChange {
  readonly seq: number;
  readonly kinds: readonly number[];
}
export type FeedListener = (change: FeedChange) => void;

/** How often other processes' writes are looked for, in milliseconds. */
export const POLL_MS = 400;

/** Listeners of the feed of changes. Polling runs only while somebody listens and never keeps the process alive. */
export interface Feed {
  /** The newest change told. */
  readonly seq: number;
  readonly isHeard: boolean;
  listen(listener: FeedListener): () => void;
  /** Tells listeners, unless it was told already. */
  tell(change: FeedChange): void;
  stop(): void;
}

export function createFeed(hooks: {
  /** Called when the first listener comes; returns where the feed stands. */
  readonly start: () => number;
  readonly poll: () => void;
  readonly stop: () => void;
}): Feed {
  const listeners = new Set<FeedListener>();
  let timer: NodeJS.Timeout | null = null;
  let seq = 0;
  const stop = (): void => {
    if (timer !== null) {
      clearInterval(timer);
      timer = null;
      hooks.stop();
    }
  };
  return {
    get seq() {
      return seq;
    },
    get isHeard() {
      return listeners.size > 0;
    },
    listen(listener) {
      listeners.add(listener);
      if (timer === null) {
        seq = hooks.start();
        timer = setInterval(hooks.poll, POLL_MS).unref();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          stop();
        }
      };
    },
    tell(change) {
      if (change.seq > seq && change.kinds.length > 0) {
        seq = change.seq;
        for (const listener of listeners) {
          listener(change);
        }
      }
    },
    stop: () => {
      listeners.clear();
      stop();
    },
  };
}
