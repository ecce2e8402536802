import type { ApiRequest } from '../server/api.ts';
import type { HashType } from './presence.ts';

const MOST_HASHES = 100;
const DIGITS: Readonly<Record<HashType, number>> = { md5: 32, sha1: 40, sha256: 64 };
const TYPES = Object.keys(DIGITS) as HashType[];

/** A bulk question: digests of one kind, and those that are none. */
export interface BulkQuestion {
  readonly type: HashType;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

/** Reads a bulk body, or the status that refuses it: 415 for another type of body, 400 for anything malformed. */
export function readBulk({ headers, body }: ApiRequest): BulkQuestion | { readonly refusedWith: 400 | 415 } {
  const type = headers['content-type'] ?? '';
  if (!/^application\/(?:json|octet-stream)\b/i.test(type)) {
    return { refusedWith: 415 };
  }
  const query = queryOf(body.toString('utf8'));
  const hashType = TYPES.find((each) => each === query?.['hash_type']);
  const hashes: unknown = query?.['hashes'];
  if (hashType === undefined || !Array.isArray(hashes) || hashes.length === 0 || hashes.length > MOST_HASHES) {
    return { refusedWith: 400 };
  }
  const texts = hashes.map(String);
  return {
    type: hashType,
    valid: texts.filter((hash) => isHash(hash, hashType)),
    invalid: texts.filter((hash) => !isHash(hash, hashType)),
  };
}

/** The kind that a path names, when it names one. */
export function hashType(name: string | undefined): HashType | null {
  return TYPES.find((each) => each === name) ?? null;
}

/** Whether a text is a digest of this kind. */
export function isHash(text: string, type: HashType): boolean {
  return text.length === DIGITS[type] && /^[0-9a-f]+$/i.test(text);
}

function queryOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const { query } = inside(inside(value)['rl']);
    return inside(query);
  } catch {
    // Not JSON: the same refusal as JSON of another form.
    return null;
  }
}

function inside(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
