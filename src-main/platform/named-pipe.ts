import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

/** A named pipe or a device at work. */
export interface NamedPipe {
  readonly bytes: Readable;
  /**
   * To be called once nobody waits any more: a thread that waits for somebody to write would keep the process from ending.
   * Resolves when none waits, which is at once when somebody writes already.
   */
  release(): Promise<void>;
}

/** The system may be about to wait only. */
const AGAIN_MS = 20;

/** Reads a named pipe or a device without blocking while it is silent. */
export function openNamedPipe(path: string): NamedPipe {
  const bytes = createReadStream(path);
  const at = { isWaiting: process.platform !== 'win32' };
  const settle = (): void => {
    at.isWaiting = false;
  };
  bytes.once('open', settle).once('close', settle).once('error', settle);
  return {
    bytes,
    async release() {
      while (at.isWaiting) {
        writeNothing(path);
        await setTimeout(AGAIN_MS);
      }
    },
  };
}

/** Whoever waits for a writer meets one, and the end of what it wrote. */
function writeNothing(path: string): void {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits, or it is gone: there is nothing to end.
  }
}
