import { AppError } from '#shared/errors/app-error.ts';

/** Characters a secret may have at most; the smallest keychain still holds it. */
export const LONGEST_SECRET = 2_000;

/**
 * A secret as it is kept: without the line ends of a paste. INVALID_ARGUMENT says what is wrong with it, and never
 * repeats it.
 */
export function checkedSecret(value: string): string {
  const clean = value.replace(/^[\r\n]+|[\r\n]+$/g, '');
  const problem = problemOf(clean);
  if (problem !== null) {
    throw new AppError('INVALID_ARGUMENT', `The value ${problem}. Nothing was kept.`);
  }
  return clean;
}

/** Why a value cannot be a secret, as the rest of a sentence, or null when it can. */
export function problemOf(value: string): string | null {
  if (value === '') {
    return 'is empty';
  }
  if (value.length > LONGEST_SECRET) {
    return `is longer than ${LONGEST_SECRET} characters`;
  }
  if (/\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}/u.test(value)) {
    return 'holds control characters or line ends';
  }
  return value.trim() === value ? null : 'begins or ends with white space';
}
