import { DIGEST_BIT } from '#shared/domain/hash.ts';
import { createSlots, hexRunEnd, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, textOf } from '../bytes/text.ts';
import { createLineCounter } from '../counters/line-counter.ts';
import type { Fit, Format, Twin } from '../format.ts';
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
const MD5 = DIGEST_BIT.md5;
const SIZE = /^(?:\d{1,15}|\*)$/;

/**
 * Hash signatures of ClamAV (https://docs.clamav.net/manual/Signatures/HashSignatures.html): `.hdb` and `.hsb` name files,
 * `.mdb` and `.msb` only sections of programs. Both hold digests of the same lengths; the place of the size tells them apart. For `.imp` see
 * clamavImports.
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
    const fits = fit(
      head,
      sections === 0 ? why : `${why}, ${sections} “size:hash:name”, which name sections of programs`,
    );
    return areImports(head) ? { ...fits, why: `${why}, as import hashes in .imp are as well`, twin: IMPORTS } : fits;
  },
  assume: (head) => fit(head, 'asked for'),
};

/** Import hashes of programs (`.imp`), which are written as the MD5 of files are; only the name of the file tells. */
export const clamavImports: Format = {
  id: 'clamav-imp',
  label: 'ClamAV import hashes',
  probe(head) {
    return areImports(head)
      ? fit(head, `${digestLines(head)} of ${head.records.length} lines are “hash:size:name” of imports`, true)
      : null;
  },
  assume: (head) => fit(head, 'asked for', true),
};

const IMPORTS: Twin = { format: 'clamav-imp', names: /\.imp(?:\.gz)?$/i, own: /\.h[ds][bu](?:\.gz)?$/i };
const MD5_OF_FILE = /^[0-9a-f]{32}:/i;

/** True where every signature is an MD5 with its size behind it. */
function areImports(head: Head): boolean {
  const files = head.records.filter(({ text }) => OF_FILE.test(text));
  return (
    files.length >= head.records.length * ENOUGH &&
    files.length > 0 &&
    files.every(({ text }) => MD5_OF_FILE.test(text))
  );
}

function digestLines(head: Head): number {
  return head.records.filter(({ text }) => OF_FILE.test(text)).length;
}

function fit(head: Head, why: string, areImported = false): Fit {
  const open = (sink: RecordSink, linesBefore = 0): FormatReader => openClamav(sink, areImported, linesBefore);
  return {
    why,
    digests: areImported ? 0 : digestLines(head),
    carriedColumns: ['name', 'size'],
    digestColumns: [],
    open,
    count: () => createLineCounter(),
    restart: { open, count: (before) => createLineCounter({}, before) },
  };
}

function openClamav(sink: RecordSink, areImports: boolean, linesBefore: number): FormatReader {
  const slots = createSlots();
  const rules = {
    record(bytes: Buffer, from: number, end: number, line: number, start: number): void {
      const firstEnd = fieldEnd(bytes, from, end);
      const column = columnOf(bytes, start, from);
      if (isDigestField(bytes, from, firstEnd, slots)) {
        if (areImports && slots.mask === MD5) {
          sink.notDigest('imphash');
          sink.without(line, 'a hash of imports, not of a file', excerptOf(bytes, from, end));
          return;
        }
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
