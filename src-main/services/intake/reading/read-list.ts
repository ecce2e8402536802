import { createHash } from 'node:crypto';
import type { InputFileView, Reading } from '#shared/contract/intake.ts';
import type { Recognition } from '../../../formats/recognition.ts';
import type { InputCounts } from '../../../intakes/intake-builder.ts';
import { HEAD_BYTES } from '../../../formats/recognise.ts';
import type { FormatTools } from './formats.ts';
import { reasonOf } from './reason.ts';
import type { ReadingSession } from './session.ts';
import { WholeLines } from './whole-lines.ts';

/** What one input came to. */
export interface ReadInput {
  readonly view: InputFileView;
  readonly counts: InputCounts;
  /** Nothing at all could be read of it. */
  readonly isUnreadable: boolean;
}

/** What reading a list needs of the session. */
export type ListSession = Pick<ReadingSession, 'builder' | 'isCancelled' | 'countBytes' | 'countRecords' | 'breathe'>;

/** How a list is to be read. */
export interface ListOptions {
  readonly reading: Reading;
  readonly mayBeSample: boolean;
  readonly formats: FormatTools;
  /** Called when it is a list and will be read to its end: nobody needs its beginning a second time. */
  readonly onList?: () => void;
}

/** What became of an input that may be a list. */
export type ListResult =
  | { readonly kind: 'read'; readonly input: ReadInput }
  /** Nothing was reported: it is not a list. */
  | { readonly kind: 'not-a-list' };

/**
 * Reads one list: decodes, recognises, reports every record, and counts the records a second time by other code. With
 * `mayBeSample` an input that is no list is left alone. A fault in the middle keeps what came before; an input that
 * cannot be opened throws.
 */
export async function readList(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: ListOptions,
  session: ListSession,
): Promise<ListResult> {
  const raw = new RawInput(chunks, session);
  const decoded = options.formats.decode(raw.chunks());
  const source = decoded.chunks[Symbol.asyncIterator]();
  try {
    const head = await readHead(source);
    const recognition = options.formats.recognise(head.bytes, head.isComplete, {
      ...recogniseOptions(options.reading),
      name,
    });
    if (options.mayBeSample && !recognition.isList) {
      session.countBytes(-raw.bytes);
      return { kind: 'not-a-list' };
    }
    options.onList?.();
    const input = startRecords(recognition, session);
    const isCut = (await input.readAll(head, source)) || (await raw.isCutInRest());
    const fault = isCut
      ? `Reading was cancelled after ${raw.bytes} bytes. What came before is kept.`
      : (raw.fault ?? decoded.info().fault);
    const { counts, records } = input.end(fault);
    const view: InputFileView = {
      name,
      bytes: raw.bytes,
      sha256: isCut || raw.fault !== null ? null : raw.digest(),
      format: recognition.format,
      formatLabel: recognition.label,
      why: recognition.why,
      encoding: decoded.info().encoding,
      digestColumns: [...recognition.digestColumns],
      alternatives: recognition.alternatives.map(({ format, label }) => ({ format, label })),
      isGuess: recognition.isGuess,
      records,
      fault: counts.fault,
    };
    return { kind: 'read', input: { view, counts, isUnreadable: false } };
  } finally {
    await source.return?.();
    await raw.close();
  }
}

/** Passes decoded bytes to the reader and to the independent counter. */
function startRecords(recognition: Recognition, session: ListSession) {
  const sink = session.builder.startInput(recognition.carriedColumns);
  const reader = recognition.open(sink);
  const counter = recognition.count();
  const lines = new WholeLines();
  const pass = (parts: readonly Uint8Array[]): void => {
    const { counts } = sink;
    const before = counts.hashed + counts.without + counts.rejected;
    for (const part of parts) {
      reader.push(part);
      counter.push(part);
    }
    session.countRecords(counts.hashed + counts.without + counts.rejected - before);
  };
  return {
    /** True when cancelled before the end. */
    async readAll(head: ReadHead, source: AsyncIterator<Uint8Array>): Promise<boolean> {
      for (const chunk of head.chunks) {
        pass(lines.push(chunk));
        await session.breathe();
      }
      if (head.isComplete) {
        return false;
      }
      while (!session.isCancelled) {
        const next = await source.next();
        if (next.done === true) {
          return false;
        }
        pass(lines.push(next.value));
        await session.breathe();
      }
      return true;
    },
    end(fault: string | null): { readonly counts: InputCounts; readonly records: number } {
      if (fault === null) {
        pass(lines.end());
      } else {
        // Before the reader ends: what it finds odd about a cut input is only a consequence.
        sink.fault(fault);
      }
      reader.end();
      // What one record holds besides its first file is a record more.
      return { counts: sink.counts, records: counter.end() + sink.counts.another };
    },
  };
}

/**
 * The input as it lies on disk: counted, hashed, and its read errors kept as a fault once something was read. To be closed.
 */
class RawInput {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #session: ListSession;
  readonly #hash = createHash('sha256');
  #isOver = false;
  bytes = 0;
  fault: string | null = null;

  constructor(source: AsyncIterable<Uint8Array>, session: ListSession) {
    this.#source = source[Symbol.asyncIterator]();
    this.#session = session;
  }

  /** Leaving it early leaves the rest to be read. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) {
      yield chunk;
    }
  }

  /**
   * Reads what nobody asked for, behind damage that ended the decoding: the digest is one of the whole input, and the same
   * however it comes in. True when cancelled before the end.
   */
  async isCutInRest(): Promise<boolean> {
    while ((await this.#next()) !== null) {
      await this.#session.breathe();
      if (this.#session.isCancelled) {
        return true;
      }
    }
    return false;
  }

  async close(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      await this.#source.return?.();
    }
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#isOver) {
      return null;
    }
    try {
      const next = await this.#source.next();
      if (next.done === true) {
        this.#isOver = true;
        return null;
      }
      this.#hash.update(next.value);
      this.bytes += next.value.length;
      this.#session.countBytes(next.value.length);
      return next.value;
    } catch (error) {
      this.#isOver = true;
      if (this.bytes === 0) {
        throw error;
      }
      this.fault = `It could not be read beyond byte ${this.bytes} (${reasonOf(error)}). What came before is kept.`;
      return null;
    }
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

interface ReadHead {
  readonly chunks: readonly Uint8Array[];
  readonly bytes: Uint8Array;
  readonly isComplete: boolean;
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<ReadHead> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isComplete = false;
  while (size < HEAD_BYTES) {
    const next = await source.next();
    if (next.done === true) {
      isComplete = true;
      break;
    }
    chunks.push(next.value);
    size += next.value.length;
  }
  const bytes = chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
  return { chunks, bytes: isComplete ? bytes : bytes.subarray(0, HEAD_BYTES), isComplete };
}

function recogniseOptions(reading: Reading): { readonly format?: string; readonly digestColumns?: readonly string[] } {
  return {
    ...(reading.format === undefined ? {} : { format: reading.format }),
    ...(reading.digestColumns === undefined ? {} : { digestColumns: reading.digestColumns }),
  };
}
