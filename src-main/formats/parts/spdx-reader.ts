import { DIGEST_BIT, type DigestKind, kindOfHexLength } from '#shared/domain/hash.ts';
import { createSlots, takeDigest } from '../bytes/hex.ts';
import { columnOf, excerptOf, lastWordOf, quote, startOfTail, textOf } from '../bytes/text.ts';
import { classifyName } from '../names/classify-name.ts';
import { whyNoDigest } from '../names/describe-token.ts';
import { judgeAlgorithm } from '../names/judge-algorithm.ts';
import type { DigestSlots, FormatReader, RecordSink } from '../record-sink.ts';
import { readTrimmedLines } from './trimmed-lines.ts';

/** What is carried with every file and package. */
export const SPDX_COLUMNS: readonly string[] = ['name', 'package', 'version', 'SPDX id'];

const TAG = /^([A-Za-z][A-Za-z0-9]{1,59}):[\t ]*(.*)$/s;
/** `SHA1: 0123…` behind the tag. */
const CHECKSUM = /^([A-Za-z][\w-]{1,24}):[\t ]*(\S*)$/;
/** Sections that hold checksums, and others that end them. */
const BEGINS: Readonly<Record<string, 'file' | 'package' | 'none'>> = {
  FileName: 'file',
  PackageName: 'package',
  SnippetSPDXID: 'none',
  SnippetSPDXIdentifier: 'none',
  LicenseID: 'none',
};
/** Longer values are carried in part. */
const LONGEST_VALUE = 4096;
const RUN = /(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9A-Za-z])/g;

interface Section {
  readonly kind: 'file' | 'package';
  line: number;
  column: number;
  readonly excerpt: string;
  name: string;
  id: string;
  readonly slots: DigestSlots;
  /** Digests of kinds it has already, with other values. */
  readonly others: DigestSlots[];
  problem: string | null;
}

/**
 * Reads SPDX documents in tag-value form (SPDX 2.3, clause 7 and 8; https://spdx.github.io/spdx-spec/v2.3/): one record per
 * file and package, with the digests of all its checksum lines. A text between `<text>` and `</text>` is passed over; one
 * that does not end is a fault.
 */
export function openSpdx(sink: RecordSink): FormatReader {
  let section: Section | null = null;
  let packageName = '';
  let version = '';
  let textFrom = 0;

  const close = (): void => {
    if (section !== null) {
      reportSection(sink, section, packageName, version);
    }
    section = null;
  };
  const begin = (kind: 'file' | 'package', name: string, line: number, excerpt: string): Section => {
    close();
    if (kind === 'package') {
      packageName = name;
      version = '';
    }
    return { kind, line, column: 0, excerpt, name, id: '', slots: createSlots(), others: [], problem: null };
  };

  const take = (tag: string, value: string, line: number, place: Place): boolean => {
    const begins = BEGINS[tag];
    const checksumOf = tag === 'FileChecksum' ? 'file' : tag === 'PackageChecksum' ? 'package' : null;
    if (begins === 'none') {
      close();
    } else if (begins !== undefined) {
      section = begin(begins, value.slice(0, LONGEST_VALUE), line, place.excerpt());
    } else if (checksumOf !== null) {
      section = section?.kind === checksumOf ? section : begin(checksumOf, '', line, place.excerpt());
      takeChecksum(sink, section, value, line, place);
    } else if (tag === 'SPDXID' && section !== null) {
      section.id = value.slice(0, LONGEST_VALUE);
    } else if (tag === 'PackageFileName' && section?.kind === 'package') {
      section.name = value.slice(0, LONGEST_VALUE);
    } else if (tag === 'PackageVersion' && section?.kind === 'package') {
      version = value.slice(0, LONGEST_VALUE);
    } else {
      setAsideRuns(sink, tag, value);
      return false;
    }
    return begins !== 'none' && section !== null;
  };

  const takeLine = (bytes: Buffer, start: number, from: number, end: number, line: number): boolean => {
    const text = textOf(bytes, from, end);
    if (textFrom > 0) {
      textFrom = text.includes('</text>') ? 0 : textFrom;
      return false;
    }
    const [, tag = '', value = ''] = text.startsWith('#') ? [] : (TAG.exec(text) ?? []);
    textFrom = value.startsWith('<text>') && !value.includes('</text>') ? line : 0;
    const place = {
      column: columnOf(bytes, start, startOfTail(bytes, from, end, lastWordOf(text))),
      excerpt: () => excerptOf(bytes, from, end),
    };
    return tag !== '' && textFrom === 0 && take(tag, value, line, place);
  };

  return readTrimmedLines(sink, {
    line: takeLine,
    end() {
      close();
      if (textFrom > 0) {
        sink.fault(`The text that begins in line ${textFrom} does not end. What stands behind it was not read.`);
      }
    },
  });
}

interface Place {
  /** Of the last word. */
  readonly column: number;
  excerpt(): string;
}

function takeChecksum(sink: RecordSink, section: Section, value: string, line: number, place: Place): void {
  const [, algorithm = '', digits = ''] = CHECKSUM.exec(value) ?? [];
  const kind = /^[0-9a-fA-F]+$/.test(digits) ? kindOfHexLength(digits.length) : null;
  const judged = judgeAlgorithm(algorithm, kind === null ? 0 : DIGEST_BIT[kind]);
  if (judged.not === 'other-algorithm') {
    sink.notDigest(judged.name);
  } else if (judged.not === 'wrong-length') {
    section.problem = judged.reason;
  } else if (kind === null || classifyName(algorithm)?.kind !== 'digest') {
    section.problem = whyNoDigest(digits) ?? `“${quote(value).slice(0, 40)}” is not “ALGORITHM: hash”`;
  } else {
    addDigest(section, kind, digits, line, place.column);
  }
}

function addDigest(section: Section, kind: DigestKind, digits: string, line: number, column: number): void {
  const { slots, others } = section;
  const fresh = createSlots();
  takeDigest(Buffer.from(digits), 0, digits.length, fresh);
  if (slots.mask === 0) {
    section.line = line;
    section.column = column;
  }
  if ((slots.mask & DIGEST_BIT[kind]) === 0) {
    takeDigest(Buffer.from(digits), 0, digits.length, slots);
  } else if (Buffer.compare(fresh[kind], slots[kind]) !== 0 && others.length < MOST_OTHERS) {
    others.push(fresh);
  }
}

/** Further digests of one kind that are kept for one file; a document names one. */
const MOST_OTHERS = 256;

function reportSection(sink: RecordSink, section: Section, packageName: string, version: string): void {
  const { kind, line, column, excerpt, name, id, slots, others, problem } = section;
  if (slots.mask !== 0) {
    if (problem !== null) {
      sink.notDigest('damaged digest beside a good one');
    }
    const carried = [name, packageName, version, id];
    sink.hash(line, column, slots, carried);
    others.forEach((other) => sink.another(line, column, other, carried));
  } else if (problem === null) {
    sink.without(line, `no MD5, SHA-1 or SHA-256 of this ${kind}`, excerpt);
  } else {
    sink.reject(line, column, problem, excerpt);
  }
}

/** What looks like a digest under any other tag is none of a file: codes, commits, hashes of other documents. */
function setAsideRuns(sink: RecordSink, tag: string, value: string): void {
  const meaning = classifyName(tag);
  const name = meaning?.kind === 'never' ? meaning.name : 'value of another tag';
  (value.match(RUN) ?? []).forEach(() => sink.notDigest(name));
}
