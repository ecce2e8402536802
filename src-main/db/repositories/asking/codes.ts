import { DIGEST_BYTES, type DigestKind } from '#shared/domain/hash.ts';
import { OUTCOMES, PURPOSES, type Outcome, type Purpose } from '#shared/domain/outcome.ts';

/** What a queue row waits for after an answer was heard, as stored; 0 while none was. */
export const AWAITS = { details: 1, elsewhere: 2 } as const;

/** A purpose as stored: its place in the order of the queue, 1 the most urgent. */
export function purposeCode(purpose: Purpose): number {
  return PURPOSES.indexOf(purpose) + 1;
}

/** Throws on a code no version ever wrote: that is damage. */
export function purposeOfCode(code: number): Purpose {
  const purpose = PURPOSES[code - 1];
  if (purpose === undefined) {
    throw new RangeError(`purpose code ${code} is not one of 1 to ${PURPOSES.length}`);
  }
  return purpose;
}

export function outcomeCode(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}

/** Null for a code no version ever wrote, and where there is none. */
export function outcomeOfCode(code: number | null | undefined): Outcome | null {
  return code === null || code === undefined ? null : (OUTCOMES[code] ?? null);
}

/** The kind of a stored digest, by its length. */
export function kindOfBytes(bytes: number): DigestKind {
  if (bytes === DIGEST_BYTES.md5) {
    return 'md5';
  }
  return bytes === DIGEST_BYTES.sha1 ? 'sha1' : 'sha256';
}

/** What a row still waits to be told, by its stored code; null when no answer was heard yet. */
export function awaitsOfCode(code: number): keyof typeof AWAITS | null {
  if (code === AWAITS.details) {
    return 'details';
  }
  return code === AWAITS.elsewhere ? 'elsewhere' : null;
}
