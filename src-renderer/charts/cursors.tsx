import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react';

/** Where readers look: one moment, for all charts that share it. */
export interface CursorAt {
  /** Seconds since the epoch. */
  readonly at: number;
  /** The chart it was moved on, which alone shows the readout. */
  readonly chart: string;
  readonly by: 'pointer' | 'keys';
}

/** A cursor that can be moved and followed. */
export interface Cursors {
  readonly get: () => CursorAt | null;
  readonly set: (cursor: CursorAt | null) => void;
  readonly subscribe: (changed: () => void) => () => void;
}

const Shared = createContext<Cursors | null>(null);

/** Charts inside show the same moment. Moving it draws no chart anew. */
export function CursorScope({ children }: { readonly children: ReactNode }): ReactNode {
  const [cursors] = useState(createCursors);
  return <Shared value={cursors}>{children}</Shared>;
}

/** The cursors of the scope, or a chart's own where there is none. */
export function useCursors(): Cursors {
  const [own] = useState(createCursors);
  return use(Shared) ?? own;
}

/** Where the cursor is; renders anew when it moves. */
export function useCursorAt({ get, subscribe }: Cursors): CursorAt | null {
  return useSyncExternalStore(subscribe, get);
}

function createCursors(): Cursors {
  let present: CursorAt | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => present,
    set: (cursor) => {
      if (cursor?.at === present?.at && cursor?.chart === present?.chart && cursor?.by === present?.by) {
        return;
      }
      present = cursor;
      listeners.forEach((changed) => changed());
    },
    subscribe: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
