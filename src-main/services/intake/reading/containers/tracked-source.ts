import { MemberFault, type ByteSource } from '../../../../formats/containers/port.ts';
import { reasonOf } from '../reason.ts';
import type { ReadingSession } from '../session.ts';

/**
 * A dropped container as its readers see it. Its bytes count as progress half when its members are read and half when the
 * container itself is hashed, so that both have their share of the time left. What the system says against reading it
 * becomes a fault of the container.
 */
export class TrackedSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #session: ReadingSession;
  #read = 0;
  #hashed = 0;
  #told = 0;

  constructor(source: ByteSource, session: ReadingSession) {
    this.#source = source;
    this.#session = session;
  }

  get size(): number {
    return this.#source.size;
  }

  /** Waits while reading is paused, and tells progress: a reader may look at a whole member before it gives any of it. */
  async read(at: number, length: number): Promise<Uint8Array> {
    await this.#session.breathe();
    const bytes = await this.#readBytes(at, length);
    // Readers may go back; no more than all of it counts.
    this.#read = Math.min(this.size, this.#read + bytes.length);
    this.#tell();
    return bytes;
  }

  /** Members are read: whatever of it nobody looked at counts as done. */
  endMembers(): void {
    this.#read = this.size;
    this.#tell();
  }

  /** The bytes from start to end, for hashing. */
  async *chunks(chunkBytes: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.size; at += chunkBytes) {
      const chunk = await this.#readBytes(at, chunkBytes);
      this.#hashed += chunk.length;
      this.#tell();
      yield chunk;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #readBytes(at: number, length: number): Promise<Uint8Array> {
    try {
      return await this.#source.read(at, length);
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') {
        throw error;
      }
      throw new MemberFault('damaged', `it could not be read (${reasonOf(error)})`, { cause: error });
    }
  }

  #tell(): void {
    const done = Math.floor((this.#read + this.#hashed) / 2);
    this.#session.countBytes(done - this.#told);
    this.#told = done;
  }
}
