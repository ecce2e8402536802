import { createSlots, hexRunEnd, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, isBlank, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { unescapeName } from '../parts/escaped-name.ts';
import { type LineRules, openLines } from '../parts/line-reader.ts';

const BACKSLASH = 92;
const ENOUGH = 0.5;
const LINE = /^\\?[0-9a-fA-F]{32,128} [ *]\S/;
const DIGEST_LINE = /^\\?(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32}) [ *]\S/;

/** What md5sum, sha1sum, sha256sum and md5deep write: `hash  name`, `hash *name`, `\hash  escaped name`. */
export const gnu: Format = {
  id: 'gnu',
  label: 'Checksum file (GNU)',
  probe(head) {
    const hits = head.records.filter(({ text }) => LINE.test(text)).length;
    return hits > 0 && hits >= head.records.length * ENOUGH
      ? fit(head, `${hits} of ${head.records.length} lines are “hash  name”`)
      : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  return {
    why,
    digests: head.records.filter(({ text }) => DIGEST_LINE.test(text)).length,
    carriedColumns: ['name'],
    digestColumns: [],
    open: openGnu,
    count: () => createLineCounter(),
    restart: { open: openGnu, count: (before) => createLineCounter({}, before) },
  };
}

function openGnu(sink: RecordSink, linesBefore = 0): FormatReader {
  const slots = createSlots();
  const cells = [''];
  const rules: LineRules = {
    record(bytes, from, end, line, start) {
      const escaped = bytes[from] === BACKSLASH;
      const at = escaped ? from + 1 : from;
      const stop = hexRunEnd(bytes, at, end);
      slots.mask = 0;
      if ((stop < end && !isBlank(bytes[stop] as number)) || takeDigest(bytes, at, stop, slots) === 0) {
        reportBad(sink, bytes, at, end, line, start);
        return;
      }
      const name = nameAfter(bytes, stop, end);
      cells[0] = escaped ? unescapeName(name) : name;
      sink.hash(line, columnOf(bytes, start, at), slots, cells);
    },
  };
  return openLines(sink, rules, linesBefore);
}

/** One space, then a space or the binary mark, then the name; names may start with blanks. */
function nameAfter(bytes: Buffer, stop: number, end: number): string {
  const mark = bytes[stop + 1];
  const from = mark === 32 || mark === 42 ? stop + 2 : stop + 1;
  return textOf(bytes, from, end);
}

function reportBad(sink: RecordSink, bytes: Buffer, at: number, end: number, line: number, start: number): void {
  let stop = at;
  while (stop < end && !isBlank(bytes[stop] as number)) {
    stop += 1;
  }
  const why = whyNoDigest(textOf(bytes, at, stop));
  const excerpt = excerptOf(bytes, at, end);
  if (why === null) {
    sink.without(line, 'no hash at the start of the line', excerpt);
  } else {
    sink.reject(line, columnOf(bytes, start, at), why, excerpt);
  }
}
