import { createSlots, hexRunEnd, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, skipBlanks, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { openLines } from '../parts/line-reader.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';

const TITLE = /File Checksum Integrity Verifier/i;
const ROW = /^[0-9a-f]{32} [0-9a-f]{40} \S/i;
/** Headings and the line below them. */
const FRAME = /^(?:MD5[\t ]+SHA-1|-{20,}[-\t-\r ]*$)/;
const FRAME_BYTES = 80;
const ENOUGH = 0.5;

/** What Microsoft's File Checksum Integrity Verifier prints: one hash or two, then the path. */
export const fciv: Format = {
  id: 'fciv',
  label: 'FCIV',
  probe(head) {
    const records = head.records.filter(({ text }) => !FRAME.test(text));
    const rows = records.filter(({ text }) => ROW.test(text)).length;
    const isTitled = head.lines.slice(0, 5).some(({ text }) => TITLE.test(text));
    if (isTitled && records.some(({ text }) => /^[0-9a-f]{32,40} \S/i.test(text))) {
      return fit(head, 'starts with the title of the File Checksum Integrity Verifier');
    }
    return rows > 0 && rows >= records.length * ENOUGH
      ? fit(head, `${rows} of ${records.length} lines are MD5, SHA-1 and a path`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.records.filter(({ text }) => /^[0-9a-f]{32,40} /i.test(text)).length,
    carriedColumns: ['name'],
    digestColumns: [],
    open: openFciv,
    count: () => createLineCounter({ suspects: 'M-', isOther: (prefix) => FRAME.test(prefix.trimEnd()) }),
  };
}

function openFciv(sink: RecordSink): FormatReader {
  const slots = createSlots();
  return openLines(sink, {
    isOther: (bytes, from, end) =>
      (bytes[from] === 77 || bytes[from] === 45) &&
      FRAME.test(bytes.toString('latin1', from, Math.min(end, from + FRAME_BYTES)).trimEnd()),
    record(bytes, from, end, line, start) {
      slots.mask = 0;
      let at = from;
      for (;;) {
        const stop = hexRunEnd(bytes, at, end);
        const mask = slots.mask;
        const isWhole = (stop === end || bytes[stop] === 32) && stop - at !== 64;
        if (!isWhole || takeDigest(bytes, at, stop, slots) === 0 || slots.mask === mask) {
          break;
        }
        at = skipBlanks(bytes, stop, end);
      }
      if (slots.mask !== 0) {
        sink.hash(line, columnOf(bytes, start, from), slots, [textOf(bytes, at, end)]);
        return;
      }
      const excerpt = excerptOf(bytes, from, end);
      const why = whyNoDigest(textOf(bytes, from, end).split(' ', 1)[0] ?? '');
      if (why === null) {
        sink.without(line, 'no hash at the start of the line', excerpt);
      } else {
        sink.reject(line, columnOf(bytes, start, from), why, excerpt);
      }
    },
  });
}
