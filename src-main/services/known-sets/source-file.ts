import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled, unreadable } from './refusals.ts';

/** The beginning of a file, by its length and SHA-256. */
export interface ReadPart {
  readonly bytes: number;
  readonly sha256: string;
}

export interface SourceHooks {
  isCancelled(): boolean;
  /** From time to time: bytes read, and those there are. */
  onRead(done: number, total: number): void;
}

/** Thrown out of reading where a file does not begin as it did when it was read before. */
export class OtherBeginning extends Error {}

const CHUNK_BYTES = 1 << 20;
const PROGRESS_MS = 100;

/** A file that is read once from its beginning and hashed on the way. */
export class SourceFile {
  readonly #path: string;
  readonly #hooks: SourceHooks;
  readonly #before: ReadPart | null;
  readonly #hash = createHash('sha256');
  bytes = 0;

  /** `before` is what it must begin with; reading throws OtherBeginning where it does not. */
  constructor(path: string, hooks: SourceHooks, before: ReadPart | null = null) {
    this.#path = path;
    this.#hooks = hooks;
    this.#before = before;
  }

  /** The file's bytes. Throws CANCELLED, and UNREADABLE where it cannot be read. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    const file = this.#open();
    try {
      const total = fstatSync(file).size;
      let told = 0;
      for (;;) {
        throwIfCancelled(this.#hooks);
        const chunk = Buffer.allocUnsafeSlow(this.#nextBytes());
        const size = this.#read(file, chunk);
        if (size === 0) {
          break;
        }
        const part = chunk.subarray(0, size);
        this.#hash.update(part);
        this.bytes += size;
        this.#compare();
        yield part;
        if (performance.now() - told >= PROGRESS_MS) {
          this.#hooks.onRead(this.bytes, total);
          await setImmediate();
          told = performance.now();
        }
      }
    } finally {
      closeSync(file);
    }
    if (this.bytes < (this.#before?.bytes ?? 0)) {
      throw new OtherBeginning();
    }
  }

  /** What was read so far. */
  part(): ReadPart {
    return { bytes: this.bytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** A read ends where what is known of the file ends, so that it can be compared there. */
  #nextBytes(): number {
    const left = (this.#before?.bytes ?? 0) - this.bytes;
    return left > 0 ? Math.min(left, CHUNK_BYTES) : CHUNK_BYTES;
  }

  #compare(): void {
    if (this.#before !== null && this.bytes === this.#before.bytes && this.part().sha256 !== this.#before.sha256) {
      throw new OtherBeginning();
    }
  }

  #open(): number {
    try {
      return openSync(this.#path, 'r');
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }

  #read(file: number, chunk: Uint8Array): number {
    try {
      return readSync(file, chunk, 0, chunk.length, null);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }
}
