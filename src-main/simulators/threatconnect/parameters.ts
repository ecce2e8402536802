import type { ApiRequest } from '../server/api.ts';
import { ApiError } from './answers.ts';

/** Parameters of a request by name, each with all its values, in order. */
export interface Parameters {
  /** The last value, or null. */
  one(name: string): string | null;
  all(name: string): readonly string[];
  /** A whole number, at least `least` and at most `most`; `usual` when it is not said. Throws ApiError. */
  count(name: string, span: { readonly least: number; readonly most: number; readonly usual: number }): number;
}

/**
 * Reads the query and, on a GET with a body `{"data": {…}}`, what stands there for queries that are too long. A plus sign
 * means itself: what is signed is percent-encoded. Throws ApiError for what cannot be read.
 */
export function readParameters({ target, body }: ApiRequest): Parameters {
  const values = new Map<string, string[]>();
  const add = (name: string, value: string): void => void values.set(name, [...(values.get(name) ?? []), value]);
  const mark = target.indexOf('?');
  const pairs = mark === -1 ? [] : target.slice(mark + 1).split('&');
  for (const pair of pairs.filter((one) => one !== '')) {
    const equals = pair.indexOf('=');
    add(decoded(equals === -1 ? pair : pair.slice(0, equals)), equals === -1 ? '' : decoded(pair.slice(equals + 1)));
  }
  for (const [name, value] of bodyPairs(body)) {
    add(name, value);
  }
  const one = (name: string): string | null => values.get(name)?.at(-1) ?? null;
  return {
    one,
    all: (name) => values.get(name) ?? [],
    count(name, { least, most, usual }) {
      const given = one(name);
      const number = given === null ? usual : /^\d{1,9}$/.test(given) ? Number(given) : -1;
      if (number < least || number > most) {
        throw new ApiError('0x1001', `${name} is a number from ${least} to ${most}`);
      }
      return number;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError('0x1001', 'the query is not percent-encoded UTF-8');
  }
}

function bodyPairs(body: Buffer): readonly (readonly [name: string, value: string])[] {
  if (body.length === 0) {
    return [];
  }
  const data = dataOf(body);
  if (typeof data !== 'object' || data === null) {
    throw new ApiError('0x1001', 'the body is not {"data": {...}}');
  }
  return Object.entries(data).flatMap(([name, value]) =>
    [value].flat().map((one: unknown): readonly [string, string] => [name, String(one)]),
  );
}

function dataOf(body: Buffer): unknown {
  try {
    return (JSON.parse(body.toString('utf8')) as { readonly data?: unknown } | null)?.data;
  } catch {
    return null;
  }
}
