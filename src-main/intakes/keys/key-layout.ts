/**
 * Sections that let a column of sorted keys be searched without reading it, beside the column `name` itself:
 *
 * ```
 * name.sums        u32   CRC-32 of every KEY_BLOCK keys
 * name.steps       u8    how many keys start with each number of `bits` bits; 2^bits of them
 * name.starts      u32   how many keys lie before every STEPS_PER_START-th step
 * name.marks       u8    the 8 bits of each key that follow the first `bits`
 * name.steps.sums, name.marks.sums   u32   CRC-32 of every INDEX_BLOCK bytes
 * ```
 * Two to four keys share a step, so that steps and marks take 1.25 to 1.5 bytes a key and one key in about a hundred that is
 * not there has a place to be looked at. Keys that are few or crowd together have no steps and are searched as they lie.
 */
export const KEY_BLOCK = 128;
export const STEPS_PER_START = 4096;
export const INDEX_BLOCK = 16 * 1024;
/** Fewer keys than this are read whole faster than an index is opened. */
export const FEWEST_INDEXED = 1 << 16;
/** Numbers of keys are counted in 31 bits. */
export const MOST_INDEXED = 0x7fff_ffff;
/** The most keys of one step that a byte can count. */
export const MOST_PER_STEP = 255;

/** The 8 bits of a key that follow the first `bits` (15 to 32), from its first four bytes and its fifth. */
export function markOf(prefix: number, fifth: number, bits: number): number {
  return (((bits === 32 ? 0 : prefix << bits) | (fifth << (bits - 8))) >>> 24) & 0xff;
}
