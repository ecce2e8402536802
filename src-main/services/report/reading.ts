import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Told how much of what is to be read was read, in bytes. */
export type OnRead = (done: number, total: number) => void;

/** Adds up what is read of one file or of two that belong together. */
export class Reading {
  readonly #onRead: OnRead;
  #done = 0;
  #total = 0;

  constructor(onRead: OnRead) {
    this.#onRead = onRead;
  }

  /** A file of that many bytes will be read. */
  expect(bytes: number): void {
    this.#total += bytes;
    this.#onRead(this.#done, this.#total);
  }

  /** That many bytes more were read. */
  readonly onBytes = (bytes: number): void => {
    this.#done += bytes;
    this.#onRead(this.#done, this.#total);
  };
}

/** SHA-256 of a file in hex; null when there is none. */
export async function hashOf(
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  if (!(await isThere(path))) {
    return null;
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return hash.digest('hex');
}

/** Whether there is a file of that name, a link to one included. */
export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
