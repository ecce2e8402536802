import { createSlots, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, textOf } from '../bytes/text.ts';
import { createLineCounter, type LineCounting } from '../counters/line-counter.ts';
import type { Fit, Format } from '../format.ts';
import type { Head } from '../head.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import type { FormatReader, RecordSink } from '../record-sink.ts';
import { findByte } from '../delimited/scan.ts';
import { type LineRules, openLines } from '../parts/line-reader.ts';

const MARK = '%%%%';
const COMMA = 44;
const KINDS = new Set(['md5', 'sha1', 'sha256']);
const COUNTING: LineCounting = { suspects: '%', isOther: (prefix) => prefix.startsWith(MARK) };
const USUAL_COLUMNS = ['size', 'md5', 'sha256', 'filename'];

/** What hashdeep writes: its header names the columns, the file name is the last one and may hold commas. */
export const hashdeep: Format = {
  id: 'hashdeep',
  label: 'hashdeep',
  probe(head) {
    const isHashdeep = head.lines.slice(0, 5).some(({ text }) => /^%%%% HASHDEEP-\d/.test(text));
    return isHashdeep ? fit(head, 'starts with the header of hashdeep') : null;
  },
  assume: (head) => fit(head, 'asked for'),
};

function fit(head: Head, why: string): Fit {
  const columns = head.lines.map(({ text }) => columnsOf(text)).find((names) => names !== null) ?? USUAL_COLUMNS;
  return {
    why,
    digests: head.records.filter(({ text }) => /(?<!\w)[0-9a-f]{32}/i.test(text)).length,
    carriedColumns: columns.filter((name) => !KINDS.has(name)),
    digestColumns: columns.filter((name) => KINDS.has(name)),
    open: (sink) => openHashdeep(sink, columns),
    count: () => createLineCounter(COUNTING),
    restart: {
      open: (sink, linesBefore) => openHashdeep(sink, columns, linesBefore),
      count: (before) => createLineCounter(COUNTING, before),
    },
  };
}

/** The columns a `%%%% size,md5,...,filename` line names, else null. */
function columnsOf(text: string): readonly string[] | null {
  const names = text.startsWith(`${MARK} `)
    ? text
        .slice(MARK.length + 1)
        .trim()
        .split(',')
    : [];
  return names.length >= 2 && names.at(-1) === 'filename' ? names : null;
}

function openHashdeep(sink: RecordSink, announced: readonly string[], linesBefore = 0): FormatReader {
  const slots = createSlots();
  const carriedNames = announced.filter((name) => !KINDS.has(name));
  const cells = carriedNames.map(() => '');
  let columns = announced;

  const rules: LineRules = {
    isOther(bytes, from, end) {
      if (bytes[from] !== 37 || bytes.toString('latin1', from, from + MARK.length) !== MARK) {
        return false;
      }
      // Files of several runs may be joined; each part brings its own header.
      columns = columnsOf(textOf(bytes, from, end)) ?? columns;
      return true;
    },
    record(bytes, from, end, line, start) {
      slots.mask = 0;
      cells.fill('');
      let at = from;
      let column = 0;
      let problem: string | null = null;
      for (let index = 0; index < columns.length; index += 1) {
        const name = columns[index] as string;
        const isLast = index === columns.length - 1;
        const stop = isLast ? end : findByte(bytes, COMMA, at, end);
        if (stop === end && !isLast) {
          sink.without(line, `holds ${index + 1} of ${columns.length} columns`, excerptOf(bytes, from, end));
          return;
        }
        if (KINDS.has(name)) {
          column = column === 0 ? columnOf(bytes, start, at) : column;
          if (stop > at && takeDigest(bytes, at, stop, slots) === 0) {
            const text = textOf(bytes, at, stop);
            problem = `${name}: ${whyNoDigest(text) ?? 'not a hash'}`;
          }
        } else {
          if (!isLast && name !== 'size' && stop > at) {
            sink.notDigest(name);
          }
          const place = carriedNames.indexOf(name);
          if (place >= 0) {
            cells[place] = textOf(bytes, at, stop);
          }
        }
        at = stop + 1;
      }
      if (problem !== null) {
        sink.reject(line, column, problem, excerptOf(bytes, from, end));
      } else if (slots.mask === 0) {
        sink.without(line, 'no hash in this row', excerptOf(bytes, from, end));
      } else {
        sink.hash(line, column, slots, cells);
      }
    },
  };
  const reader = openLines(sink, rules, linesBefore);
  // Behind a header of other columns only the lines before tell what the next one means.
  const isAsAnnounced = (): boolean => columns.join() === announced.join();
  return { ...reader, linesRead: () => (isAsAnnounced() ? (reader.linesRead?.() ?? null) : null) };
}
