import { inflate } from './bytes/inflate.ts';

/** What was found out about an input's bytes; complete once its end was reached. */
export interface DecodeInfo {
  /** For people: `UTF-8`, `UTF-8 with BOM`, `UTF-16 LE`, `UTF-16 BE`, with `, gzip` behind it. */
  encoding: string;
  /** Why the input ends early, as a sentence, or null. What came before stands. */
  fault: string | null;
}

/** Turns bytes of any encoding Assay reads into UTF-8 without BOM; the result never depends on where chunks are cut. */
export interface TextDecoding {
  /** UTF-8 input passes through as the very same chunks. Never called with gzip: see isGzip. */
  push(chunk: Uint8Array): readonly Uint8Array[];
  end(): readonly Uint8Array[];
  readonly info: DecodeInfo;
}

/** Bytes needed to tell the encoding. */
const LOOK_AT = 4096;
const NOTHING: readonly Uint8Array[] = [];

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** The synchronous decoder, for input that is not compressed. */
export function createDecoder(): TextDecoding {
  const info: DecodeInfo = { encoding: 'UTF-8', fault: null };
  let held: Uint8Array[] | null = [];
  let heldBytes = 0;
  let wide: TextDecoder | null = null;

  const start = (): readonly Uint8Array[] => {
    const waiting = held ?? [];
    held = null;
    const [only] = waiting;
    const head = only !== undefined && waiting.length === 1 ? only : Buffer.concat(waiting);
    const { label, skip } = sniffEncoding(head);
    info.encoding = label;
    wide = label.startsWith('UTF-16') ? new TextDecoder(label === 'UTF-16 LE' ? 'utf-16le' : 'utf-16be') : null;
    return convert(skip === 0 ? head : head.subarray(skip));
  };

  const convert = (chunk: Uint8Array): readonly Uint8Array[] => {
    if (chunk.length === 0) {
      return NOTHING;
    }
    return wide === null ? [chunk] : textBytes(wide.decode(chunk, { stream: true }));
  };

  return {
    info,
    push(chunk) {
      if (held === null) {
        return convert(chunk);
      }
      // A caller may reuse its chunk once push returns: what is held is copied, unless it is used at once.
      const isEnough = heldBytes + chunk.length >= LOOK_AT;
      held.push(isEnough ? chunk : Buffer.from(chunk));
      heldBytes += chunk.length;
      return isEnough ? start() : NOTHING;
    },
    end() {
      const rest = held === null ? NOTHING : start();
      return wide === null ? rest : [...rest, ...textBytes(wide.decode())];
    },
  };
}

/** The decoder for streams: gzip (concatenated members too) and all encodings of createDecoder. */
export function decodeStream(source: AsyncIterable<Uint8Array>): {
  readonly info: DecodeInfo;
  readonly chunks: AsyncIterable<Uint8Array>;
} {
  const decoder = createDecoder();
  const { info } = decoder;
  async function* run(): AsyncGenerator<Uint8Array> {
    const { head, rest } = await firstBytes(source, 3);
    const packed = isGzip(head);
    for await (const chunk of packed ? inflate(rest, info) : rest) {
      yield* decoder.push(chunk);
    }
    yield* decoder.end();
    info.encoding = packed ? `${info.encoding}, gzip` : info.encoding;
  }
  return { info, chunks: run() };
}

/** Decodes a whole input held in memory. */
export async function decodeBytes(
  bytes: Uint8Array,
): Promise<{ readonly info: DecodeInfo; readonly bytes: Uint8Array }> {
  const one = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  const { info, chunks } = decodeStream(one());
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    parts.push(chunk);
  }
  return { info, bytes: Buffer.concat(parts) };
}

async function firstBytes(
  source: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let next = await iterator.next();
  while (next.done !== true) {
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.length >= count) {
      break;
    }
    next = await iterator.next();
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  }
  return { head, rest: rest() };
}

function textBytes(text: string): readonly Uint8Array[] {
  return text === '' ? NOTHING : [Buffer.from(text, 'utf8')];
}

function sniffEncoding(head: Uint8Array): { readonly label: string; readonly skip: number } {
  const [first, second, third] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    return { label: 'UTF-8 with BOM', skip: 3 };
  }
  if (first === 0xff && second === 0xfe) {
    return { label: 'UTF-16 LE', skip: 2 };
  }
  if (first === 0xfe && second === 0xff) {
    return { label: 'UTF-16 BE', skip: 2 };
  }
  const sample = head.subarray(0, LOOK_AT);
  if (looksWide(sample, 0)) {
    return { label: 'UTF-16 LE', skip: 0 };
  }
  return looksWide(sample, 1) ? { label: 'UTF-16 BE', skip: 0 } : { label: 'UTF-8', skip: 0 };
}

/** Text of mostly ASCII characters, two bytes each: the low byte at `low` of each pair prints, the other one is NUL. */
function looksWide(bytes: Uint8Array, low: number): boolean {
  const pairs = Math.floor(bytes.length / 2);
  let ascii = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const character = bytes[pair * 2 + low] as number;
    const other = bytes[pair * 2 + 1 - low] as number;
    if (
      other === 0 &&
      (character === 9 || character === 10 || character === 13 || (character >= 32 && character < 127))
    ) {
      ascii += 1;
    }
  }
  return pairs >= 4 && ascii >= pairs * 0.8;
}
