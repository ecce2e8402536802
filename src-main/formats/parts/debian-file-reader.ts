import { DIGEST_LABEL, kindOfHexLength } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { createFrameFilter } from '../bytes/openpgp.ts';
import { columnOf, excerptOf, startOfTail, textOf } from '../bytes/text.ts';
import { type NameMeaning, classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';
import { readTrimmedLines } from './trimmed-lines.ts';

/** What is carried with every file. */
export const FILE_COLUMNS: readonly string[] = ['name', 'Size', 'Package', 'Version'];

/** Bytes of lines about files that are held until their paragraph ends; what comes beyond is not joined to them. */
export const PARAGRAPH_LIMIT = 8 * 1024 * 1024;

interface ListedFile {
  readonly line: number;
  readonly column: number;
  readonly excerpt: string;
  readonly name: string;
  readonly size: string;
  readonly slots: DigestSlots;
}

const FIELD = /^([A-Za-z0-9][\w-]{0,59}):[\t ]*(.*)$/s;
/** Hash, size and what stands behind: a name, or section, priority and name. */
const ENTRY = /^([^\t ]+)(?:[\t ]+(\d+)(?:[\t ]+(.*))?)?$/s;

/** What a field of a control file says about the values below it; `Files` holds MD5. */
export function digestOfField(name: string): NameMeaning | null {
  return /^files$/i.test(name) ? { kind: 'digest', digest: 'md5' } : classifyName(name);
}

/**
 * Reads control files: one record per file of a paragraph, with the digests that all fields of the paragraph give for
 * its name and size. A paragraph that lists no file is one record without a hash.
 */
export function openDebianFiles(sink: RecordSink): FormatReader {
  const frame = createFrameFilter();
  const paragraph = createParagraph(sink);

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    if (frame.isFrame(bytes, start, end)) {
      paragraph.close();
      return false;
    }
    if (from > start) {
      return paragraph.takeBelow(bytes, start, from, end, line);
    }
    const field = FIELD.exec(textOf(bytes, from, end));
    if (field === null) {
      sink.without(line, 'no field in this line', excerptOf(bytes, from, end));
      return true;
    }
    const [, name = '', value = ''] = field;
    return paragraph.takeField(name, value, bytes, start, end, line);
  };

  return readTrimmedLines(sink, {
    line: takeLine,
    blank() {
      frame.blankLine();
      paragraph.close();
    },
    end: () => paragraph.close(),
  });
}

interface Paragraph {
  /** True when the line itself tells of a file. */
  takeField(name: string, value: string, bytes: Buffer, start: number, end: number, line: number): boolean;
  takeBelow(bytes: Buffer, start: number, from: number, end: number, line: number): boolean;
  close(): void;
}

function createParagraph(sink: RecordSink): Paragraph {
  const files = new Map<string, ListedFile>();
  let heldBytes = 0;
  /** Of the field the lines below belong to; null for fields that list no files. */
  let listing: NameMeaning | null = null;
  let first: { readonly line: number; readonly excerpt: string } | null = null;
  let hasFiles = false;
  let source = '';
  let version = '';

  const flush = (): void => {
    for (const file of files.values()) {
      if (file.slots.mask === 0) {
        sink.without(file.line, 'no MD5, SHA-1 or SHA-256 of this file', file.excerpt);
      } else {
        sink.hash(file.line, file.column, file.slots, [file.name, file.size, source, version]);
      }
    }
    files.clear();
    heldBytes = 0;
  };

  const takeEntry = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    if (listing === null || listing.kind === 'any') {
      return false;
    }
    hasFiles = true;
    const [, value = '', size = '', rest = ''] = ENTRY.exec(textOf(bytes, from, end)) ?? [];
    const column = columnOf(bytes, start, from);
    const excerpt = excerptOf(bytes, from, end);
    const problem = value === '' ? 'not “hash size name”' : whyNotTaken(value, listing);
    if (problem !== null) {
      sink.reject(line, column, problem, excerpt);
      return true;
    }
    const name = rest.slice(Math.max(rest.lastIndexOf(' '), rest.lastIndexOf('\t')) + 1);
    const key = `${size} ${name}`;
    let file = files.get(key);
    if (file === undefined) {
      file = { line, column, excerpt, name, size, slots: createSlots() };
      files.set(key, file);
    }
    addDigest(sink, file.slots, value, listing);
    heldBytes += end - from;
    if (heldBytes > PARAGRAPH_LIMIT) {
      flush();
    }
    return true;
  };

  return {
    takeField(name, value, bytes, start, end, line) {
      first ??= { line, excerpt: excerptOf(bytes, start, end) };
      if (/^(?:Source|Package)$/.test(name) && source === '') {
        source = value;
      } else if (name === 'Version') {
        version = value;
      }
      const meaning = digestOfField(name);
      listing = meaning?.kind === 'never' && !/sha512|sha384|sha224/.test(meaning.name) ? null : meaning;
      if (value === '') {
        return false;
      }
      if (meaning?.kind === 'never' && listing === null && /^[0-9a-f]{32,}$/i.test(value)) {
        sink.notDigest(meaning.name);
      }
      return takeEntry(bytes, start, startOfTail(bytes, start, end, value), end, line);
    },
    takeBelow: takeEntry,
    close() {
      flush();
      if (first !== null && !hasFiles) {
        sink.without(first.line, 'no checksums in this paragraph', first.excerpt);
      }
      listing = null;
      first = null;
      hasFiles = false;
      source = '';
      version = '';
    },
  };
}

/** Why a value below a field of an algorithm is not that algorithm's digest, or null. */
function whyNotTaken(value: string, listing: NameMeaning): string | null {
  if (listing.kind !== 'digest') {
    return null;
  }
  if (!/^[0-9a-fA-F]+$/.test(value)) {
    return whyNoDigest(value) ?? 'not a hash';
  }
  const found = kindOfHexLength(value.length);
  if (found === null) {
    return whyNoDigest(value) ?? 'not a hash';
  }
  return found === listing.digest
    ? null
    : `${DIGEST_LABEL[listing.digest]} is named, but the hash has the length of ${DIGEST_LABEL[found]}`;
}

function addDigest(sink: RecordSink, slots: DigestSlots, value: string, meaning: NameMeaning): void {
  if (meaning.kind !== 'digest') {
    sink.notDigest(meaning.kind === 'never' ? meaning.name : 'other algorithm');
    return;
  }
  const { digest } = meaning;
  const bytes = Buffer.from(value);
  const before = Buffer.from(slots[digest]);
  const mask = slots.mask;
  const bit = takeDigest(bytes, 0, bytes.length, slots);
  if ((mask & bit) !== 0 && !before.equals(slots[digest])) {
    slots[digest].set(before);
    sink.notDigest(`second ${DIGEST_LABEL[digest]} of a file`);
  }
}
