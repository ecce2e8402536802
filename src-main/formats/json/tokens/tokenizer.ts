import { asBuffer } from '../../bytes/text.ts';
import type { FormatReader } from '../../record-sink.ts';
import { HeldToken } from './held-token.ts';
import { BARE, BLANK, PLAIN, SHORT_ESCAPE, type TextKind, type TokenHandler, isEscaped, isScalar } from './tokens.ts';

/** The longest text that is read, in bytes as written. */
export const TEXT_LIMIT = 1024 * 1024;
/** How deep objects and arrays may lie in each other. */
export const DEPTH_LIMIT = 512;

const LINE_FEED = 10;
const SPACE = 32;
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const LONGEST_SCALAR = 4096;

/** What may come next: a value, a key, or the colon behind a key. */
type Expected = 'value' | 'key' | 'colon';

/**
 * Cuts JSON into tokens, with memory bounded by TEXT_LIMIT whatever the chunks are (RFC 8259; several values behind each
 * other, RFC 7464 marks and misplaced commas are let pass). With `byLine` every line stands for itself: a broken one is
 * told and reading goes on with the next; else nothing is read behind the first fault.
 */
export class JsonTokenizer implements FormatReader {
  readonly #handler: TokenHandler;
  readonly #byLine: boolean;
  /** Open objects (1) and arrays (0). */
  readonly #stack = new Uint8Array(DEPTH_LIMIT);
  #depth = 0;
  #expected: Expected = 'value';
  /** Inside a token that began in an earlier chunk. */
  #inside: 'nothing' | 'text' | 'scalar' = 'nothing';
  readonly #held = new HeldToken();
  #kind: TextKind = 'plain';
  #afterBackslash = false;
  /** Nothing is read up to the next line feed, or ever. */
  #isSkipping = false;
  #line = 1;
  /** Where the line began, counted from the start of the chunk; negative when it began in an earlier one. */
  #lineStart = 0;
  /** Bytes of the line that continue a UTF-8 sequence. */
  #continuing = 0;
  readonly #place: { line: number; column: number } = { line: 1, column: 1 };

  constructor(handler: TokenHandler, byLine: boolean) {
    this.#handler = handler;
    this.#byLine = byLine;
  }

  push(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk);
    let at = 0;
    while (at < bytes.length) {
      if (this.#isSkipping) {
        at = this.#skipLine(bytes, at);
      } else if (this.#inside === 'text') {
        at = this.#text(bytes, at, at);
      } else if (this.#inside === 'scalar') {
        at = this.#scalar(bytes, at, at);
      } else {
        at = this.#next(bytes, at);
      }
    }
    this.#lineStart -= bytes.length;
  }

  end(): void {
    if (this.#isSkipping) {
      return;
    }
    if (this.#inside === 'scalar') {
      this.#endScalar(this.#held.bytes, 0, this.#held.length, this.#held.isOverlong);
    }
    if (!this.#isSkipping && (this.#inside === 'text' || this.#depth > 0)) {
      this.#handler.cut(this.#place.line, this.#line);
    }
  }

  #next(bytes: Buffer, at: number): number {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      return this.#startText(bytes, at);
    }
    if (byte === LINE_FEED) {
      this.#lineFeed(at);
      return at + 1;
    }
    if (BLANK[byte] === 1) {
      return blanksEnd(bytes, at + 1);
    }
    this.#mark(at);
    switch (byte) {
      case 0x7b:
        return this.#open(1, at);
      case 0x5b:
        return this.#open(0, at);
      case 0x7d:
        return this.#close(1, at);
      case 0x5d:
        return this.#close(0, at);
      case COLON:
        if (this.#expected !== 'colon') {
          return this.#broken('a colon stands where none belongs', at + 1);
        }
        this.#expected = 'value';
        return at + 1;
      default:
        this.#held.clear();
        return BARE[byte] === 1 ? this.#scalar(bytes, at, at) : this.#broken('this is no JSON value', at + 1);
    }
  }

  #open(kind: number, at: number): number {
    if (this.#expected !== 'value') {
      return this.#broken(`${this.#wanted()} is missing`, at + 1);
    }
    if (this.#depth === DEPTH_LIMIT) {
      return this.#broken(`objects lie more than ${DEPTH_LIMIT} deep in each other`, at + 1);
    }
    this.#stack[this.#depth] = kind;
    this.#depth += 1;
    this.#expected = kind === 1 ? 'key' : 'value';
    this.#handler.open(kind === 1, this.#place);
    return at + 1;
  }

  #close(kind: number, at: number): number {
    const isMatch = this.#depth > 0 && this.#stack[this.#depth - 1] === kind;
    if (!isMatch || this.#expected === 'colon' || (kind === 1 && this.#expected === 'value')) {
      return this.#broken('a bracket closes what is not open', at + 1);
    }
    this.#depth -= 1;
    this.#handler.close(kind === 1);
    this.#afterValue();
    return at + 1;
  }

  #startText(bytes: Buffer, at: number): number {
    this.#mark(at);
    this.#kind = 'plain';
    this.#held.clear();
    return this.#text(bytes, at + 1, at + 1);
  }

  /** Takes a text up to its quote; it began at `from`, or in an earlier chunk. */
  #text(bytes: Buffer, start: number, from: number): number {
    const { length } = bytes;
    let at = this.#afterBackslash ? this.#escape(bytes, start) : start;
    for (;;) {
      while (at < length && PLAIN[bytes[at] as number] === 1) {
        at += 1;
      }
      if (at === length) {
        break;
      }
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        return this.#endText(bytes, from, at);
      }
      if (byte === LINE_FEED) {
        this.#inside = 'nothing';
        return this.#broken('a text is not closed in its line', at);
      }
      at += 1;
      if (byte === BACKSLASH) {
        this.#afterBackslash = true;
        at = at === length ? at : this.#escape(bytes, at);
      } else {
        this.#continuing += 1;
        this.#kind = isEscaped(this.#kind) ? 'any' : 'wide';
      }
    }
    this.#held.add(bytes, from, length, TEXT_LIMIT);
    this.#inside = 'text';
    return length;
  }

  /** What stands behind a backslash, at `at`. Returns where the text goes on. */
  #escape(bytes: Buffer, at: number): number {
    const mark = bytes[at] as number;
    this.#afterBackslash = false;
    const isShort = SHORT_ESCAPE[mark] === 1 && (this.#kind === 'plain' || this.#kind === 'short');
    this.#kind = isShort ? 'short' : 'any';
    // A line feed is never escaped: it is met again.
    return mark === LINE_FEED ? at : at + 1;
  }

  /** Tells the text that ends in front of the quote at `end`. Returns where reading goes on. */
  #endText(bytes: Buffer, from: number, end: number): number {
    const isKey = this.#expected === 'key';
    if (this.#inside === 'text') {
      const held = this.#held;
      this.#inside = 'nothing';
      held.add(bytes, from, end, TEXT_LIMIT);
      this.#tellText(held.bytes, 0, held.length, held.isOverlong);
    } else {
      this.#tellText(bytes, from, end, end - from > TEXT_LIMIT);
    }
    if (isKey && bytes[end + 1] === COLON) {
      this.#expected = 'value';
      return bytes[end + 2] === SPACE ? end + 3 : end + 2;
    }
    return end + 1;
  }

  #tellText(bytes: Buffer, from: number, end: number, isOverlong: boolean): void {
    if (this.#expected === 'colon') {
      this.#broken('the colon behind a key is missing', 0);
    } else if (isOverlong) {
      this.#handler.overlong(bytes, from, from + 256, this.#expected === 'key', this.#place);
      this.#afterText();
    } else if (this.#expected === 'key') {
      this.#handler.key(bytes, from, end, this.#kind, this.#place);
      this.#expected = 'colon';
    } else {
      this.#handler.text(bytes, from, end, this.#kind, this.#place);
      this.#afterValue();
    }
  }

  #afterText(): void {
    if (this.#expected === 'key') {
      this.#expected = 'colon';
    } else {
      this.#afterValue();
    }
  }

  #scalar(bytes: Buffer, start: number, from: number): number {
    const held = this.#held;
    let at = start;
    while (at < bytes.length && BARE[bytes[at] as number] === 1) {
      at += 1;
    }
    if (at === bytes.length) {
      held.add(bytes, from, at, LONGEST_SCALAR);
      this.#inside = 'scalar';
    } else if (this.#inside === 'scalar') {
      held.add(bytes, from, at, LONGEST_SCALAR);
      this.#endScalar(held.bytes, 0, held.length, held.isOverlong);
    } else {
      this.#endScalar(bytes, from, at, at - from > LONGEST_SCALAR);
    }
    return at;
  }

  #endScalar(bytes: Buffer, from: number, end: number, isOverlong: boolean): void {
    this.#inside = 'nothing';
    if (this.#expected !== 'value') {
      this.#broken(`${this.#wanted()} is missing`, 0);
    } else if (isOverlong || !isScalar(bytes, from, end)) {
      this.#broken('this is no JSON value', 0);
    } else {
      this.#handler.scalar(bytes, from, end, this.#place);
      this.#afterValue();
    }
  }

  #afterValue(): void {
    if (this.#depth === 0) {
      this.#expected = 'value';
    } else {
      this.#expected = this.#stack[this.#depth - 1] === 1 ? 'key' : 'value';
    }
  }

  #lineFeed(at: number): void {
    if (this.#byLine && this.#depth > 0) {
      this.#mark(at);
      this.#broken('the line ends inside an object or array', 0);
      this.#isSkipping = false;
    }
    this.#newLine(at);
  }

  #newLine(at: number): void {
    this.#line += 1;
    this.#lineStart = at + 1;
    this.#continuing = 0;
  }

  /** Tells a fault and returns where reading goes on. */
  #broken(reason: string, next: number): number {
    this.#isSkipping = true;
    this.#inside = 'nothing';
    this.#depth = 0;
    this.#expected = 'value';
    this.#handler.broken(reason, this.#place);
    return next;
  }

  #skipLine(bytes: Buffer, from: number): number {
    if (!this.#byLine) {
      return bytes.length;
    }
    const feed = bytes.indexOf(LINE_FEED, from);
    if (feed < 0) {
      return bytes.length;
    }
    this.#isSkipping = false;
    this.#newLine(feed);
    return feed + 1;
  }

  #wanted(): string {
    return this.#expected === 'key' ? 'a key' : this.#expected === 'colon' ? 'the colon behind a key' : 'a value';
  }

  #mark(at: number): void {
    this.#place.line = this.#line;
    this.#place.column = at - this.#lineStart - this.#continuing + 1;
  }
}

/** The end of the white space from `from` on, line feeds left out. */
function blanksEnd(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length && BLANK[bytes[at] as number] === 1) {
    at += 1;
  }
  return at;
}
