import { createSlots, hexRunEnd, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { openLines } from '../parts/line-reader.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';

const ENOUGH = 0.5;
const COLON = 58;
/** A signature of a file: digest, size or `*`, name. */
const OF_FILE = /^(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}):(?:\d{1,15}|\*):[^\s:]/i;
/** A signature of a section of a program: the size comes first. */
const OF_SECTION = /^(?:\d{1,15}|\*):(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}):[^\s:]/i;
const SIZE = /^(?:\d{1,15}|\*)$/;

/**
 * Hash signatures of ClamAV (https://docs.clamav.net/manual/Signatures/HashSignatures.html): `.hdb` and `.hsb` name files,
 * `.mdb` and `.msb` only sections of programs. Both hold digests of the same lengths; the place of the size tells them apart.
 */
export const clamav: Format = {
  id: 'clamav',
  label: 'ClamAV hash signatures',
  probe(head) {
    const files = head.records.filter(({ text }) => OF_FILE.test(text)).length;
    const sections = head.records.filter(({ text }) => OF_SECTION.test(text)).length;
    if (files + sections === 0 || files + sections < head.records.length * ENOUGH) {
      return null;
    }
    const why = `${files} of ${head.records.length} lines are “hash:size:name”`;
    return fit(head, sections === 0 ? why : `${why}, ${sections} “size:hash:name”, which name sections of programs`);
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.records.filter(({ text }) => OF_FILE.test(text)).length,
    carriedColumns: ['name', 'size'],
    digestColumns: [],
    open: openClamav,
    count: () => createLineCounter(),
    restart: { open: openClamav, count: (before) => createLineCounter({}, before) },
  };
}

function openClamav(sink: RecordSink, linesBefore = 0): FormatReader {
  const slots = createSlots();
  const rules = {
    record(bytes: Buffer, from: number, end: number, line: number, start: number): void {
      const firstEnd = fieldEnd(bytes, from, end);
      const column = columnOf(bytes, start, from);
      if (isDigestField(bytes, from, firstEnd, slots)) {
        const sizeFrom = Math.min(firstEnd + 1, end);
        const sizeEnd = fieldEnd(bytes, sizeFrom, end);
        const nameFrom = Math.min(sizeEnd + 1, end);
        const size = textOf(bytes, sizeFrom, sizeEnd);
        const name = textOf(bytes, nameFrom, fieldEnd(bytes, nameFrom, end));
        sink.hash(line, column, slots, [name, size === '*' ? '' : size]);
        return;
      }
      const first = textOf(bytes, from, firstEnd);
      const excerpt = excerptOf(bytes, from, end);
      const second = Math.min(firstEnd + 1, end);
      if (SIZE.test(first) && isDigestField(bytes, second, fieldEnd(bytes, second, end), slots)) {
        sink.notDigest('section hash');
        sink.without(line, 'a hash of a section, not of a file', excerpt);
        return;
      }
      const why = whyNoDigest(first);
      if (why === null) {
        sink.without(line, 'no hash in this line', excerpt);
      } else {
        sink.reject(line, column, why, excerpt);
      }
    },
  };
  return openLines(sink, rules, linesBefore);
}

function fieldEnd(bytes: Buffer, from: number, end: number): number {
  const at = bytes.subarray(from, end).indexOf(COLON);
  return at < 0 ? end : from + at;
}

function isDigestField(bytes: Buffer, from: number, stop: number, slots: DigestSlots): boolean {
  slots.mask = 0;
  return hexRunEnd(bytes, from, stop) === stop && takeDigest(bytes, from, stop, slots) !== 0;
}
