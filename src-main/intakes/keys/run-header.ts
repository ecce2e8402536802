import { crc32 } from 'node:zlib';

/** Runs are parted by one byte of their keys. */
export const PARTS = 256;

/** What a run holds: how many records of each byte, and the CRC-32 over those. */
export interface RunHeader {
  readonly counts: Uint32Array;
  readonly sums: Uint32Array;
}

const HEADER_WORDS = 4;
/** The word of a header that holds the checksum of all others. */
const SUM_WORD = 3;
const ALL_WORDS = HEADER_WORDS + 2 * PARTS;
export const HEADER_BYTES = ALL_WORDS * 4;
const MAGIC = 0x32_55_52_41;

/** CRC-32 of the records of each byte, which lie one after the other, `stride` bytes each. */
export function sumsOf(counts: Uint32Array, data: Uint8Array, stride: number): Uint32Array {
  let from = 0;
  return counts.map((count) => {
    const to = from + count * stride;
    const sum = crc32(data.subarray(from, to));
    from = to;
    return sum;
  });
}

/** A header as it lies before the records of its run. */
export function headerBytes({ counts, sums }: RunHeader, stride: number): Uint8Array {
  const words = new Uint32Array(ALL_WORDS);
  words.set([MAGIC, recordsOf(counts), stride]);
  words.set(counts, HEADER_WORDS);
  words.set(sums, HEADER_WORDS + PARTS);
  words[SUM_WORD] = sumOf(words);
  return new Uint8Array(words.buffer);
}

/** The header in HEADER_BYTES bytes; null for anything else, and for one of records of another size. */
export function readHeader(bytes: Uint8Array, stride: number): RunHeader | null {
  const words = new Uint32Array(bytes.slice().buffer);
  if (words[0] !== MAGIC || words[2] !== stride || words[SUM_WORD] !== sumOf(words)) {
    return null;
  }
  return { counts: words.slice(HEADER_WORDS, HEADER_WORDS + PARTS), sums: words.slice(HEADER_WORDS + PARTS) };
}

/** Records of a run. */
export function recordsOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function sumOf(words: Uint32Array): number {
  const bytes = new Uint8Array(words.buffer);
  return crc32(bytes.subarray((SUM_WORD + 1) * 4), crc32(bytes.subarray(0, SUM_WORD * 4)));
}
