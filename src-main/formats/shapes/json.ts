import { createJsonCounter } from '../counters/json/counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { type Dialect, PLAIN } from '../json/dialect.ts';
import { type JsonHead, isByLine, isOwnReport, looksLikeJson, readJsonHead } from '../json/json-head.ts';
import { JSON_COLUMNS } from '../json/open-frames.ts';
import { openJson } from '../json/reader.ts';

/** JSON, JSON Lines and values behind each other: digests by their keys, other texts as free text. */
export const json: Format = {
  id: 'json',
  label: 'JSON',
  probe(head) {
    if (head.isBinary || !looksLikeJson(head)) {
      return null;
    }
    const why = ({ keys }: JsonHead, byLine: boolean): string => {
      const under = keys.length === 0 ? '' : `, hashes under ${keys.join(', ')}`;
      return `${byLine ? 'a JSON value per line' : 'JSON'}${under}`;
    };
    return dialectFit(head, PLAIN, why);
  },
  assume: (head) => dialectFit(head, PLAIN, () => 'asked for', true),
};

export function dialectFit(head: Head, dialect: Dialect, why: Why, isAsked: true): Fit;
export function dialectFit(head: Head, dialect: Dialect, why: Why): Fit | null;
/** How a format written in JSON reads an input: null when the head is no JSON or holds no hash, unless asked for. */
export function dialectFit(head: Head, dialect: Dialect, why: Why, isAsked = false): Fit | null {
  const plan = { byLine: isByLine(head), dialect };
  const found = readJsonHead(head, plan);
  // A report of Assay is JSON also where its beginning, or all of it, holds no hash of a file: as text its statement would.
  const mayBeNone = dialect === PLAIN && isOwnReport(head);
  const isNone = found.hashes === 0 && !mayBeNone && (dialect === PLAIN || head.complete);
  if (!isAsked && (found.isBroken || isNone)) {
    return null;
  }
  return {
    why: why(found, plan.byLine),
    digests: found.hashes,
    carriedColumns: [...JSON_COLUMNS, ...dialect.columns],
    digestColumns: [],
    open: (sink) => openJson(sink, plan),
    count: () => createJsonCounter(plan.byLine, dialect),
  };
}

type Why = (found: JsonHead, byLine: boolean) => string;
