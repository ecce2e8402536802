import type { ListProblem } from '#shared/contract/hash-list.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { DIGEST_LABEL, kindOfHexLength } from '#shared/domain/hash.ts';
import type { Incoming, Opposition } from './draft.ts';

/** Two lines of one input, or of one input and the list, want a hash on different sides. */
export function oppositionProblem(incoming: Incoming, opposed: Opposition): ListProblem {
  const { entry, hash, line } = opposed;
  const here = incoming.line === null ? '' : `Line ${incoming.line}: `;
  const base = { line: incoming.line, hash, side: incoming.side, otherEntry: entry.stored?.id ?? null };
  if (line !== null) {
    return {
      ...base,
      problem: 'other-side-in-file',
      message: `${here}${shortHash(hash)} is listed as ${incoming.side} here and as ${entry.side} on line ${line}.`,
      otherLine: line,
    };
  }
  const stored = entry.stored;
  const where =
    stored === null
      ? `another entry of this input lists it as ${entry.side}`
      : `entry ${stored.id} lists it as ${stored.side} (added ${dayOf(stored.addedAt)} by ${stored.addedBy})`;
  return {
    ...base,
    problem: 'other-side',
    message: `${here}${shortHash(hash)} is to be listed as ${incoming.side}, but ${where}.`,
    otherLine: null,
  };
}

/** A line of a file that cannot be an entry. `value` is what stands there. */
export function lineProblem(
  line: number,
  problem: 'not-a-hash' | 'no-side' | 'malformed',
  value: string,
  detail: string,
  side: ListSide | null = null,
): ListProblem {
  return {
    line,
    hash: excerpt(value),
    side,
    problem,
    message: `Line ${line}: ${detail}.`,
    otherLine: null,
    otherEntry: null,
  };
}

/** Why a text is no digest, for people: `38 digits`, `not hexadecimal`. */
export function whyNoDigest(text: string): string {
  const value = text.trim();
  if (!/^[0-9a-fA-F]+$/.test(value)) {
    return `${excerpt(value)} is not hexadecimal`;
  }
  const kind = kindOfHexLength(value.length);
  return kind === null
    ? `${value.length} digits, where MD5 has 32, SHA-1 40 and SHA-256 64`
    : `a ${DIGEST_LABEL[kind]} stands in the column of another kind`;
}

/** The middle left out, as grids show it. */
export function shortHash(hash: string): string {
  return hash.length <= 20 ? hash : `${hash.slice(0, 12)}…${hash.slice(-8)}`;
}

export function excerpt(value: string): string {
  return value.length <= 80 ? value : `${value.slice(0, 79)}…`;
}

/** Seconds since the epoch as an ISO day. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
