import { type DecodeInfo, decodeStream } from './decode.ts';
import type { RecogniseOptions, Recognition } from './recognition.ts';
import { HEAD_BYTES, recognise } from './recognise.ts';
import type { RecordSink } from './record-sink.ts';

export interface ReadResult {
  readonly recognition: Recognition;
  /** Records by the independent count. */
  readonly records: number;
  readonly decoding: DecodeInfo;
}

/**
 * Decodes, recognises, reads and counts one input. `open` gets the recognition before any record and returns where they
 * go. Memory stays bounded whatever the size. Faults of compression end up in `decoding.fault`, all others in the sink.
 */
export async function readRecords(
  source: AsyncIterable<Uint8Array>,
  options: RecogniseOptions,
  open: (recognition: Recognition) => RecordSink,
): Promise<ReadResult> {
  const { info, chunks } = decodeStream(source);
  const reading = createReading(options, open);
  for await (const chunk of chunks) {
    reading.push(chunk);
  }
  const { recognition, records } = reading.end();
  return { recognition, records, decoding: info };
}

/** The synchronous middle of readRecords, for bytes that are decoded already. */
export function createReading(
  options: RecogniseOptions,
  open: (recognition: Recognition) => RecordSink,
): { push(chunk: Uint8Array): void; end(): { readonly recognition: Recognition; readonly records: number } } {
  let head: Uint8Array[] = [];
  let headBytes = 0;
  let running: ReturnType<typeof start> | null = null;

  const start = (complete: boolean) => {
    const bytes = Buffer.concat(head);
    const recognition = recognise(bytes.subarray(0, HEAD_BYTES), complete && bytes.length <= HEAD_BYTES, options);
    const reader = recognition.open(open(recognition));
    const counter = recognition.count();
    head = [];
    reader.push(bytes);
    counter.push(bytes);
    return { recognition, reader, counter };
  };

  return {
    push(chunk) {
      if (running !== null) {
        running.reader.push(chunk);
        running.counter.push(chunk);
        return;
      }
      head.push(Buffer.from(chunk));
      headBytes += chunk.length;
      if (headBytes > HEAD_BYTES) {
        running = start(false);
      }
    },
    end() {
      const { recognition, reader, counter } = running ?? start(true);
      reader.end();
      return { recognition, records: counter.end() };
    },
  };
}
