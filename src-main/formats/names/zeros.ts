import { kindOfByteLength } from '#shared/domain/hash.ts';

/** What such values are counted under. */
export const ZEROS = 'zeros for a missing digest';

/** True for zeros as sensors fill a field they have no digest for: taken for one, they would tie all files together. */
export function isZeros(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at < end && bytes[at] === 48) {
    at += 1;
  }
  return at === end && kindOfByteLength((end - from) / 2) !== null;
}
