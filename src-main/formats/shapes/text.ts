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
  const known = counted.get(head) ?? (head.isBinary ? 0 : countLines(head));
  counted.set(head, known);
  return known;
}

/** Several formats ask for the same head. */
const counted = new WeakMap<Head, number>();

function countLines(head: Head): number {
  const lines = new Set<number>();
  const nothing = (): void => undefined;
  const last = head.lines.at(-1);
  const reader = openText({
    hash: (line) => void lines.add(line),
    without: nothing,
    reject: nothing,
    notDigest: nothing,
    otherLines: nothing,
    fault: nothing,
  });
  reader.push(head.bytes.subarray(0, last?.end ?? 0));
  reader.end();
  return lines.size;
}

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
