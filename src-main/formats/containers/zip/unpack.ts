import type { FileEntry } from '@zip.js/zip.js';
import { memberFault } from './faults.ts';

/**
 * The content of a member, checked: what is wrong with it ends it by throwing a `MemberFault`, a wrong checksum at the
 * very end. Given up early, unpacking stops. No more than a few chunks are held.
 */
export async function* unpack(
  entry: FileEntry,
  password: string | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = new Handover();
  const stop = new AbortController();
  const sink = new WritableStream<Uint8Array>({ write: (chunk) => chunks.give(chunk) });
  const unpacking = entry
    .getData(sink, { signal: stop.signal, ...(password === null ? {} : { password }) })
    .then(() => chunks.end(null))
    .catch((error: unknown) => chunks.end({ error }));
  try {
    for (let chunk = await chunks.take(); chunk !== null; chunk = await chunks.take()) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    throw signal.aborted ? error : memberFault(error);
  } finally {
    stop.abort();
    chunks.giveUp();
    await unpacking;
  }
}

/** Passes chunks from who pushes them to who asks for them, one at a time. */
class Handover {
  #chunk: Uint8Array | null = null;
  #end: { readonly fault: { readonly error: unknown } | null } | null = null;
  #isGivenUp = false;
  #wakeTaker: () => void = () => undefined;
  #wakeGiver: () => void = () => undefined;

  /** Resolves when the chunk was taken, or when nobody wants it any more. */
  async give(chunk: Uint8Array): Promise<void> {
    if (this.#isGivenUp || chunk.length === 0) {
      return;
    }
    const taken = new Promise<void>((resolve) => (this.#wakeGiver = resolve));
    this.#chunk = chunk;
    this.#wakeTaker();
    await taken;
  }

  /** Nothing more comes; `fault` says why when that is not the end. */
  end(fault: { readonly error: unknown } | null): void {
    this.#end = { fault };
    this.#wakeTaker();
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#wakeGiver();
  }

  /** The next chunk; null at the end. Throws what it ended by. */
  async take(): Promise<Uint8Array | null> {
    while (this.#chunk === null && this.#end === null) {
      await new Promise<void>((resolve) => (this.#wakeTaker = resolve));
    }
    const chunk = this.#chunk;
    if (chunk !== null) {
      this.#chunk = null;
      this.#wakeGiver();
      return chunk;
    }
    const fault = this.#end?.fault ?? null;
    if (fault !== null) {
      throw fault.error;
    }
    return null;
  }
}
