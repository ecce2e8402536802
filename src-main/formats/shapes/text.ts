import { createPieceFeeder } from '../bytes/lines.ts';
import { createTextCounter } from '../counters/text-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { createTextLine } from '../parts/text-line.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

/**
 * Anything: digests are taken wherever they stand, with line and column. Those that a mail, a web page or a narrow
 * column broke are put together where something other than their length shows that they belong together.
 */
export const text: Format = {
  id: 'text',
  label: 'Free text',
  probe: (head) => fit(head, ''),
  assume: (head) => fit(head, 'asked for'),
};

/** Lines of the head with a digest that free text takes. */
export function linesWithDigest(head: Head): number {
  return linesOf(head).withDigest;
}

/**
 * True when at least two lines say in front of their digest what it is: `SHA256 hash: `, `hash1 = "`. Notes on incidents and
 * rules for scanners name few files in many lines and are lists all the same.
 */
export function namesDigests(head: Head): boolean {
  return linesOf(head).withNamed >= NAMED_DIGESTS;
}

/** The same of lines as a document shows them, in their order. */
export function nameTheirDigests(lines: Iterable<ShownLine>): boolean {
  return namedAmong(lines) >= NAMED_DIGESTS;
}

/** A line as people see it. */
export interface ShownLine {
  readonly text: string;
  readonly hasDigest: boolean;
}

const NAMED_DIGESTS = 2;

interface DigestLines {
  readonly withDigest: number;
  readonly withNamed: number;
}

function linesOf(head: Head): DigestLines {
  const known = counted.get(head) ?? (head.isBinary ? { withDigest: 0, withNamed: 0 } : countLines(head));
  counted.set(head, known);
  return known;
}

/** Several formats ask for the same head. */
const counted = new WeakMap<Head, DigestLines>();

function countLines(head: Head): DigestLines {
  const lines = new Set<number>();
  const nothing = (): void => undefined;
  const last = head.lines.at(-1);
  const reader = openText({
    hash: (line) => void lines.add(line),
    another: nothing,
    without: nothing,
    reject: nothing,
    notDigest: nothing,
    otherLines: nothing,
    fault: nothing,
  });
  reader.push(head.bytes.subarray(0, last?.end ?? 0));
  reader.end();
  const shown = head.lines.map(({ line, text: words }) => ({ text: words, hasDigest: lines.has(line) }));
  return { withDigest: lines.size, withNamed: namedAmong(shown) };
}

/** How many of these lines say what their digest is, themselves or by the heading of the items they belong to. */
function namedAmong(lines: Iterable<ShownLine>): number {
  let named = 0;
  let isHeaded = false;
  for (const { text: words, hasDigest } of lines) {
    if (hasDigest) {
      isHeaded = isHeaded && ITEM.test(words);
      named += isHeaded || NAMED.test(words) ? 1 : 0;
    } else {
      isHeaded = HEADING.test(words) || (isHeaded && BEFORE_ITEMS.test(words));
    }
  }
  return named;
}

/** A digest with its name in front, as notes, rules and settings write it. */
const NAMED =
  /(?:\b|_)(?:md-?5|sha-?1|sha-?(?:2-?)?256|(?:file-?)?hash\d*|checksum)(?:[ _-]?(?:hash|sum|digest|value|of file)?["'`\])*]*\s*[:=|,]+>?[*\s]*["'`]?|[^<>\n]{0,60}>\s*)[\da-f]{32}/i;
const HEADING = /^[^.]{0,60}\b(?:md-?5|sha-?1|sha-?(?:2-?)?256)\b[^.]{0,40}:?$/i;
/** Headings of a lower level and fences may stand between a heading and its items. */
const BEFORE_ITEMS = /^(?:#|```|~~~)/;
const ITEM = /^(?:[-*+] *|\d{1,3}[.)] *)?["'`]?[\da-f]{32}/i;

function fit(head: Head, why: string): Fit {
  const digests = linesWithDigest(head);
  return {
    why: why === '' ? `${digests} of ${head.lines.length} lines hold a hash` : why,
    digests,
    carriedColumns: ['text'],
    digestColumns: [],
    open: openText,
    count: createTextCounter,
  };
}

function openText(sink: RecordSink): FormatReader {
  const line = createTextLine(sink);
  const feeder = createPieceFeeder({
    piece(bytes, context, start, end, number) {
      line.scan(bytes, context, start, end, number);
      line.keepPlace(bytes, start, end);
    },
    lastPiece(bytes, context, start, end, number) {
      line.close(bytes, context, start, end, number);
    },
  });
  return {
    push(chunk) {
      feeder.push(chunk);
      line.tellBlankLines();
    },
    end() {
      feeder.end();
      line.finish();
      line.tellBlankLines();
    },
  };
}
