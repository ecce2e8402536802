import type { Head } from '../head.ts';
import type { RecordSink } from '../record-sink.ts';
import { type JsonPlan, openJson } from './reader.ts';

/** What the first part of an input holds when it is read as JSON. */
export interface JsonHead {
  /** Records with a digest. */
  readonly hashes: number;
  /** Keys they were under, as paths; a few of them. */
  readonly keys: readonly string[];
  /** Something in it is no JSON. */
  readonly isBroken: boolean;
}

const MOST_KEYS = 4;
const KEY_COLUMN = 2;
/** Share of lines that must be whole JSON values for lines to be read one by one. */
const ENOUGH = 0.5;

/** True when the first character that is not blank opens an object or array. */
export function looksLikeJson(head: Head): boolean {
  const first = withoutMark(head.lines[0]?.text ?? '').charAt(0);
  return first === '{' || first === '[' || isByLine(head);
}

/** True when it begins as what Assay writes on a report, or on an intake as JSON, does. */
export function isOwnReport(head: Head): boolean {
  return /^\{"assay_(?:report|manifest|document)":/.test(head.lines[0]?.text ?? '');
}

/** True when lines are values of their own: two or more, and most of the lines looked at. */
export function isByLine(head: Head): boolean {
  const opened = head.lines.filter(({ text }) => /^[{[]/.test(withoutMark(text)));
  if (opened.length < 2 || opened.length < head.lines.length * ENOUGH) {
    return false;
  }
  const whole = opened.filter(({ start, end }) => isValue(head.bytes.toString('utf8', start, end)));
  return whole.length >= 2 && whole.length >= head.lines.length * ENOUGH;
}

/** Reads the head alone. A value that goes on behind it is no fault. */
export function readJsonHead(head: Head, plan: JsonPlan): JsonHead {
  const keys = new Set<string>();
  let hashes = 0;
  let isBroken = false;
  const sink: RecordSink = {
    hash(_line, _column, _slots, carried) {
      hashes += 1;
      if (keys.size < MOST_KEYS) {
        keys.add(carried[KEY_COLUMN] ?? '');
      }
    },
    another: () => undefined,
    without: () => undefined,
    reject: () => undefined,
    notDigest: () => undefined,
    otherLines: () => undefined,
    fault() {
      isBroken = true;
    },
  };
  const reader = openJson(sink, plan);
  reader.push(head.bytes);
  const isOver = isBroken;
  reader.end();
  return { hashes, keys: [...keys].filter((key) => key !== ''), isBroken: isOver };
}

function isValue(text: string): boolean {
  try {
    const value: unknown = JSON.parse(withoutMark(text));
    return typeof value === 'object' && value !== null;
  } catch {
    // No whole value: the line is cut, or it is no JSON at all.
    return false;
  }
}

/** Without the record separator of RFC 7464. */
function withoutMark(text: string): string {
  return text.startsWith('\u001e') ? text.slice(1) : text;
}
