import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../../services/engine-port.ts';

/** A stream that may be a terminal. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What the command sees of the world, so that a test can own it. */
export interface Host {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder paths are relative to. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Opens the engine on a data directory; null means the default one. `asks`: sources may be asked. */
  openEngine(directory: string | null, asks: boolean): Promise<Engine>;
  /** Calls back for every request to stop; returns the unsubscribe. */
  onStop(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process at once: the second Ctrl-C. */
  abandon(code: number): void;
}
