import { asBuffer, skipBlanks, textOf, trimBlanks } from './bytes/text.ts';

/** Lines looked at to recognise a format and to tell a list from a sample. */
export const HEAD_LINES = 1000;

export interface HeadLine {
  /** 1-based. */
  readonly line: number;
  readonly start: number;
  /** Without line feed, carriage return and trailing blanks. */
  readonly end: number;
  /** Text without surrounding blanks. */
  readonly text: string;
}

/** The first lines of an input, as formats look at them. */
export interface Head {
  readonly bytes: Buffer;
  /** True when `bytes` is the whole input. */
  readonly complete: boolean;
  /** The first HEAD_LINES whole lines that are not blank. */
  readonly lines: readonly HeadLine[];
  /** `lines` without those that start like a comment (`#`, `;`, `//`) and without an OpenPGP frame. */
  readonly records: readonly HeadLine[];
  /** True for NUL bytes and the like: no text at all. */
  readonly isBinary: boolean;
}

const LONGEST_TEXT = 16 * 1024;

export function readHead(head: Uint8Array, complete: boolean): Head {
  const bytes = asBuffer(head);
  const lines: HeadLine[] = [];
  let at = 0;
  let line = 0;
  while (at < bytes.length && lines.length < HEAD_LINES) {
    const feed = bytes.indexOf(10, at);
    if (feed < 0 && !complete && lines.length > 0) {
      break;
    }
    line += 1;
    const stop = feed < 0 ? bytes.length : feed;
    const end = trimBlanks(bytes, at, stop);
    const from = skipBlanks(bytes, at, end);
    if (from < end) {
      lines.push({ line, start: at, end, text: textOf(bytes, from, Math.min(end, from + LONGEST_TEXT)) });
    }
    at = stop + 1;
  }
  return { bytes, complete, lines, records: withoutFrames(lines), isBinary: looksBinary(bytes) };
}

/** True for the first text of a comment line. */
export function startsComment(text: string): boolean {
  return text.startsWith('#') || text.startsWith(';') || text.startsWith('//');
}

function withoutFrames(lines: readonly HeadLine[]): HeadLine[] {
  return lines.filter(({ text }) => !startsComment(text) && !text.startsWith('-----') && !/^Hash: SHA\d+$/.test(text));
}

function looksBinary(bytes: Buffer): boolean {
  const part = bytes.subarray(0, 64 * 1024);
  if (part.length === 0) {
    return false;
  }
  let control = 0;
  for (const byte of part) {
    if (byte === 0) {
      control += 8;
    } else if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) {
      control += 1;
    }
  }
  return control > part.length / 50 + 8;
}
