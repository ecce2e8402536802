/** Bits of a bucket: how deep packages can be split. */
export const BUCKET_BITS = 32;

/**
 * The bucket of an indicator: a 32-bit mix of its id (any safe integer), spread evenly also for ids that follow each other.
 * The finisher of MurmurHash3, a public-domain function, over both halves of the id.
 */
export function bucketOf(id: number): number {
  const high = mix(Math.floor(id / 0x1_0000_0000) ^ 0x9e37_79b9);
  return mix((id >>> 0) ^ high);
}

/** The first and last bucket that begin with these bits. */
export function bucketRange(prefix: string): { readonly first: number; readonly last: number } {
  const size = 2 ** (BUCKET_BITS - prefix.length);
  const first = prefix === '' ? 0 : Number.parseInt(prefix, 2) * size;
  return { first, last: first + size - 1 };
}

/** A bucket as 32 characters '0' and '1'. */
export function bucketBits(bucket: number): string {
  return bucket.toString(2).padStart(BUCKET_BITS, '0');
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
