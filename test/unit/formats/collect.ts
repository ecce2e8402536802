import { HEAD_BYTES, recognise } from '#main/formats/recognise.ts';
import type { RecogniseOptions, Recognition } from '#main/formats/recognition.ts';
import type { DigestSlots, RecordSink } from '#main/formats/record-sink.ts';

export interface FoundHash {
  readonly line: number;
  readonly column: number;
  /** Strongest first, lower-case hex. */
  readonly digests: readonly string[];
  readonly carried: readonly string[];
}

export interface Collected {
  readonly hashes: FoundHash[];
  /** How many of these are a further hash of the record before. */
  another: number;
  readonly without: { line: number; reason: string }[];
  readonly rejected: { line: number; column: number; reason: string; excerpt: string }[];
  readonly notDigests: Record<string, number>;
  otherLines: number;
  readonly faults: string[];
}

/** A sink that keeps everything, copying what readers reuse. */
export function createCollector(): { readonly sink: RecordSink; readonly found: Collected } {
  const found: Collected = {
    hashes: [],
    another: 0,
    without: [],
    rejected: [],
    notDigests: {},
    otherLines: 0,
    faults: [],
  };
  const sink: RecordSink = {
    hash: (line, column, slots, carried) =>
      found.hashes.push({ line, column, digests: hexOf(slots), carried: [...carried] }),
    another(line, column, slots, carried) {
      found.another += 1;
      found.hashes.push({ line, column, digests: hexOf(slots), carried: [...carried] });
    },
    without: (line, reason) => found.without.push({ line, reason }),
    reject: (line, column, reason, excerpt) => found.rejected.push({ line, column, reason, excerpt }),
    notDigest(name) {
      found.notDigests[name] = (found.notDigests[name] ?? 0) + 1;
    },
    otherLines(count) {
      found.otherLines += count;
    },
    fault: (message) => found.faults.push(message),
  };
  return { sink, found };
}

export interface ReadAll extends Collected {
  readonly recognition: Recognition;
  /** By the independent counter. */
  readonly counted: number;
  readonly reported: number;
}

/** Reads UTF-8 text or bytes in one go, or in chunks of the given sizes (used round robin). */
export function readAll(
  input: string | Uint8Array,
  options: RecogniseOptions = {},
  sizes: readonly number[] = [],
): ReadAll {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const { sink, found } = createCollector();
  const recognition = recognise(bytes.subarray(0, HEAD_BYTES), bytes.length <= HEAD_BYTES, options);
  const reader = recognition.open(sink);
  const counter = recognition.count();
  for (const chunk of chunksOf(bytes, sizes)) {
    reader.push(chunk);
    counter.push(chunk);
    // Nobody may keep a chunk: what is still needed must be an own copy.
    chunk.fill(0xee);
  }
  reader.end();
  const reported = found.hashes.length - found.another + found.without.length + found.rejected.length;
  return { ...found, recognition, counted: counter.end(), reported };
}

/** The recognition alone. */
export function recogniseText(text: string, options: RecogniseOptions = {}): Recognition {
  return recognise(Buffer.from(text), true, options);
}

/** Copies of consecutive parts of the given sizes. */
export function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}

function hexOf(slots: DigestSlots): string[] {
  return (['sha256', 'sha1', 'md5'] as const)
    .filter((kind) => (slots.mask & { md5: 1, sha1: 2, sha256: 4 }[kind]) !== 0)
    .map((kind) => Buffer.from(slots[kind]).toString('hex'));
}
