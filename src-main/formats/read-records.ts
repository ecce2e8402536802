import { type DecodeInfo, decodeStream } from './decode.ts';
import type { RecogniseOptions, Recognition } from './recognition.ts';
import { HEAD_BYTES, recognise } from './recognise.ts';
import type { Counted, RecordSink } from './record-sink.ts';

const LINE_FEED = 10;

export interface ReadResult {
  readonly recognition: Recognition;
  /** Records by the independent count. */
  readonly records: number;
  readonly decoding: DecodeInfo;
}

/** Between two lines of an input: what is behind it can be read without what is before it. */
export interface ReadingPlace {
  /** Bytes before it, decoded. */
  readonly offset: number;
  readonly lines: number;
  readonly counted: Counted;
}

/** How a reading that may be interrupted keeps its places. */
export interface Resumption {
  /** Where to go on; null for the beginning. What is before it is decoded and left out. */
  readonly from: ReadingPlace | null;
  /** Whether a place is wanted now. */
  isDue(): boolean;
  /** All records before the place, and none behind it, were told. Not called in formats that cannot go on in the middle. */
  onPlace(place: ReadingPlace): void;
  /** Instead of reading, where `from` is of no use: the input is read in another way than it was. */
  refuse(): Error;
}

/**
 * Decodes, recognises, reads and counts one input. `open` gets the recognition before any record and returns where they
 * go. Memory stays bounded whatever the size. Faults of compression end up in `decoding.fault`, all others in the sink.
 */
export async function readRecords(
  source: AsyncIterable<Uint8Array>,
  options: RecogniseOptions,
  open: (recognition: Recognition) => RecordSink,
  resumption?: Resumption,
): Promise<ReadResult> {
  const { info, chunks } = decodeStream(source);
  const reading = createReading(options, open, resumption);
  for await (const chunk of chunks) {
    pushBetween(reading, chunk, resumption);
  }
  const { recognition, records } = reading.end();
  return { recognition, records, decoding: info };
}

export interface Reading {
  push(chunk: Uint8Array): void;
  /** Null where reading cannot go on from here alone. */
  place(): ReadingPlace | null;
  end(): { readonly recognition: Recognition; readonly records: number };
}

/** The synchronous middle of readRecords, for bytes that are decoded already. */
export function createReading(
  options: RecogniseOptions,
  open: (recognition: Recognition) => RecordSink,
  resumption?: Pick<Resumption, 'from' | 'refuse'>,
): Reading {
  const from = resumption?.from ?? null;
  let head: Uint8Array[] = [];
  let headBytes = 0;
  let offset = 0;
  let running: ReturnType<typeof start> | null = null;

  const start = (complete: boolean) => {
    const bytes = Buffer.concat(head);
    const recognition = recognise(bytes.subarray(0, HEAD_BYTES), complete && bytes.length <= HEAD_BYTES, options);
    const { restart } = recognition;
    if (from !== null && restart === null) {
      throw resumption?.refuse() ?? new TypeError('a place of another input');
    }
    const sink = open(recognition);
    const isRest = from !== null && restart !== null;
    const reader = isRest ? restart.open(sink, from.lines) : recognition.open(sink);
    const counter = isRest ? restart.count(from.counted) : recognition.count();
    head = [];
    const started = { recognition, reader, counter };
    feed(started, bytes);
    return started;
  };

  const feed = ({ reader, counter }: Pick<ReturnType<typeof start>, 'reader' | 'counter'>, chunk: Uint8Array): void => {
    const skip = Math.min(Math.max((from?.offset ?? 0) - offset, 0), chunk.length);
    offset += chunk.length;
    const rest = skip === 0 ? chunk : chunk.subarray(skip);
    if (rest.length > 0) {
      reader.push(rest);
      counter.push(rest);
    }
  };

  return {
    push(chunk) {
      if (running !== null) {
        feed(running, chunk);
        return;
      }
      head.push(Buffer.from(chunk));
      headBytes += chunk.length;
      if (headBytes > HEAD_BYTES) {
        running = start(false);
      }
    },
    place() {
      if (running === null || running.recognition.restart === null || offset < (from?.offset ?? 0)) {
        return null;
      }
      const lines = running.reader.linesRead?.() ?? null;
      const counted = running.counter.counted?.() ?? null;
      return lines === null || counted === null ? null : { offset, lines, counted };
    },
    end() {
      const { recognition, reader, counter } = running ?? start(true);
      reader.end();
      return { recognition, records: counter.end() };
    },
  };
}

/** Pushes a chunk; where a place is due, up to its last line end first. */
function pushBetween(reading: Reading, chunk: Uint8Array, resumption: Resumption | undefined): void {
  const cut = resumption?.isDue() === true ? chunk.lastIndexOf(LINE_FEED) + 1 : 0;
  if (resumption === undefined || cut === 0) {
    reading.push(chunk);
    return;
  }
  reading.push(chunk.subarray(0, cut));
  const place = reading.place();
  if (place !== null) {
    resumption.onPlace(place);
  }
  if (cut < chunk.length) {
    reading.push(chunk.subarray(cut));
  }
}
