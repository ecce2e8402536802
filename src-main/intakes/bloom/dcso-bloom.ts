/**
 * The Bloom filter files of https://github.com/DCSO/bloom, which CIRCL publishes its hashlookup sets in:
 *
 * ```
 * 48 bytes   little-endian: u64 version (1), u64 capacity, f64 wished error rate, u64 hash functions k, u64 bits m, u64 keys
 * bits       ceil(m / 64) words of 64 bits, little-endian
 * data       anything
 * ```
 * A key is text. Its FNV-1 hash of 64 bits is taken modulo 2^64-59; then k times it is multiplied by a constant, as 64-bit
 * numbers are (overflow is lost), and taken modulo 2^64-59 again. Each result modulo m is the number of a bit.
 */
export interface BloomShape {
  readonly capacity: number;
  /** The error rate it was made for. */
  readonly wishedRate: number;
  readonly functions: number;
  readonly bits: number;
  readonly keys: number;
}

export const BLOOM_HEADER = 48;
const VERSION = 1n;
const MOST_FUNCTIONS = 64;
const MODULUS = 0xffff_ffff_ffff_ffc5n;
const FACTOR = 18_446_744_073_709_550_147n;
const FNV_OFFSET = 0xcbf2_9ce4_8422_2325n;
const FNV_PRIME = 0x100_0000_01b3n;

/** What the header of a filter says, or null when a file of `size` bytes cannot be one. */
export function bloomShape(header: Uint8Array, size: number): BloomShape | null {
  if (header.length < BLOOM_HEADER || size < BLOOM_HEADER) {
    return null;
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [version, capacity, functions, bits, keys] = [0, 8, 24, 32, 40].map((at) => view.getBigUint64(at, true));
  const shape = {
    capacity: Number(capacity),
    wishedRate: view.getFloat64(16, true),
    functions: Number(functions),
    bits: Number(bits),
    keys: Number(keys),
  };
  const isSound =
    version === VERSION &&
    shape.wishedRate > 0 &&
    shape.wishedRate < 1 &&
    shape.functions >= 1 &&
    shape.functions <= MOST_FUNCTIONS &&
    shape.bits >= 1 &&
    Number.isSafeInteger(shape.bits) &&
    size >= BLOOM_HEADER + bytesOfBits(shape.bits);
  return isSound ? shape : null;
}

/** Bytes that hold a number of bits, in whole words. */
export function bytesOfBits(bits: number): number {
  return Math.ceil(bits / 64) * 8;
}

/** The bits of a key, one after the other; work is only done for those asked for. */
export function* bitsOfKey(
  text: string,
  { functions, bits }: Pick<BloomShape, 'functions' | 'bits'>,
): Generator<number> {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(text, 'latin1')) {
    hash = BigInt.asUintN(64, hash * FNV_PRIME) ^ BigInt(byte);
  }
  hash %= MODULUS;
  const size = BigInt(bits);
  for (let round = 0; round < functions; round += 1) {
    hash = BigInt.asUintN(64, hash * FACTOR) % MODULUS;
    yield Number(hash % size);
  }
}
