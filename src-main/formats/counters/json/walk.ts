import { DEPTH_LIMIT, TEXT_LIMIT } from '../../json/tokens/tokenizer.ts';
import { JoinedChunks } from './joined-chunks.ts';

/** What the counters are told about JSON. Bytes are valid during the call only, texts without quotes, escapes as written. */
export interface WalkEvents {
  open(isObject: boolean): void;
  close(): void;
  key(bytes: Buffer, from: number, end: number, hasEscapes: boolean): void;
  text(bytes: Buffer, from: number, end: number, hasEscapes: boolean): void;
  scalar(bytes: Buffer, from: number, end: number): void;
  overlong(isKey: boolean): void;
  /** The line, or all that follows, is given up. */
  stop(reason: 'broken' | 'cut'): void;
}

const LINE_FEED = 10;
const BACKSLASH = 92;
const QUOTE = 34;
const BRACE = 123;
const BRACKET = 91;
const COLON = 58;
const LONGEST_SCALAR = 4096;
const WORDS = new Set(['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity', 'undefined', 'None', 'True', 'False']);
const TRUE = 0x74727565;
const NULL = 0x6e756c6c;

/** What each byte is between texts. */
const BLANK = 1;
const BARE = 2;
const MARK = 0;
const KINDS = kinds();
/** Bytes at which looking at a text stops. */
const ENDS = new Uint8Array(256);
ENDS[QUOTE] = ENDS[BACKSLASH] = ENDS[LINE_FEED] = 1;

/**
 * Walks over JSON, with what is open as a list of marks; shares no code with the reader's tokenizer. A token that a chunk
 * cuts is looked at together with the next one, where looking stopped.
 */
export class JsonWalk {
  readonly #events: WalkEvents;
  readonly #byLine: boolean;
  readonly #chunks = new JoinedChunks();
  /** What is open: codes of opening brackets. */
  #stack: number[] = [];
  #wanted: 'value' | 'key' | 'colon' = 'value';
  #inside: 'text' | 'bare' | null = null;
  #hasEscapes = false;
  /** The token that was cut is over the limit: its beginning is gone. */
  #isOverlong = false;
  #isSkipping = false;

  constructor(events: WalkEvents, byLine: boolean) {
    this.#events = events;
    this.#byLine = byLine;
  }

  push(chunk: Uint8Array): void {
    const { bytes, looked } = this.#chunks.join(chunk);
    let at = looked;
    if (this.#inside === 'text') {
      at = this.#text(bytes, 0, looked);
    } else if (this.#inside === 'bare') {
      at = this.#bare(bytes, 0, looked);
    }
    while (at < bytes.length && this.#inside === null) {
      at = this.#isSkipping ? this.#skip(bytes, at) : this.#next(bytes, at);
    }
  }

  end(): void {
    if (this.#inside === 'bare') {
      const { bytes } = this.#chunks.join(new Uint8Array(0));
      this.#endBare(bytes, 0, bytes.length);
    }
    if (!this.#isSkipping && (this.#inside === 'text' || this.#stack.length > 0)) {
      this.#events.stop('cut');
    }
  }

  #next(bytes: Buffer, from: number): number {
    let at = from;
    while (KINDS[bytes[at] as number] === BLANK) {
      at += 1;
      if (at === bytes.length) {
        return at;
      }
    }
    const mark = bytes[at] as number;
    if (mark === QUOTE) {
      this.#hasEscapes = false;
      return this.#text(bytes, at + 1, at + 1);
    }
    if (KINDS[mark] === BARE) {
      return this.#bare(bytes, at, at);
    }
    if (mark === LINE_FEED) {
      if (this.#byLine && this.#stack.length > 0) {
        this.#stop();
        this.#isSkipping = false;
      }
    } else {
      this.#mark(mark);
    }
    return at + 1;
  }

  #mark(mark: number): void {
    const stack = this.#stack;
    const isOpening = mark === BRACE || mark === BRACKET;
    if (isOpening && this.#wanted === 'value' && stack.length < DEPTH_LIMIT) {
      stack.push(mark);
      this.#wanted = mark === BRACE ? 'key' : 'value';
      this.#events.open(mark === BRACE);
    } else if (mark === COLON && this.#wanted === 'colon') {
      this.#wanted = 'value';
    } else if (!isOpening && mark !== COLON && this.#closes(mark)) {
      stack.pop();
      this.#events.close();
      this.#after();
    } else {
      this.#stop();
    }
  }

  /** A closing bracket comes two places behind its opening one. */
  #closes(mark: number): boolean {
    const stack = this.#stack;
    const top = stack.length === 0 ? null : (stack[stack.length - 1] as number);
    return top !== null && top === mark - 2 && this.#wanted === (top === BRACE ? 'key' : 'value');
  }

  /** Takes a text that began at `from` up to its quote or a line feed; a backslash hides what follows it. */
  #text(bytes: Buffer, from: number, looked: number): number {
    const { length } = bytes;
    let at = looked;
    for (;;) {
      while (at < length && ENDS[bytes[at] as number] === 0) {
        at += 1;
      }
      const isHiding = at < length && bytes[at] === BACKSLASH;
      // A backslash waits for what it hides.
      if (at === length || (isHiding && at + 1 === length)) {
        return this.#cut(bytes, 'text', from, at, TEXT_LIMIT);
      }
      if (!isHiding) {
        break;
      }
      this.#hasEscapes = true;
      at += bytes[at + 1] === LINE_FEED ? 1 : 2;
    }
    this.#inside = null;
    if (bytes[at] === LINE_FEED) {
      this.#isOverlong = false;
      this.#stop();
      return at;
    }
    this.#endText(bytes, from, at);
    return at + 1;
  }

  #endText(bytes: Buffer, from: number, end: number): void {
    const isOverlong = this.#isOverlong || end - from > TEXT_LIMIT;
    const isKey = this.#wanted === 'key';
    this.#isOverlong = false;
    if (this.#wanted === 'colon') {
      this.#stop();
      return;
    }
    if (isOverlong) {
      this.#events.overlong(isKey);
    } else if (isKey) {
      this.#events.key(bytes, from, end, this.#hasEscapes);
    } else {
      this.#events.text(bytes, from, end, this.#hasEscapes);
    }
    if (isKey) {
      this.#wanted = 'colon';
    } else {
      this.#after();
    }
  }

  #bare(bytes: Buffer, from: number, looked: number): number {
    let at = looked;
    while (at < bytes.length && KINDS[bytes[at] as number] === BARE) {
      at += 1;
    }
    if (at === bytes.length) {
      return this.#cut(bytes, 'bare', from, at, LONGEST_SCALAR);
    }
    this.#endBare(bytes, from, at);
    return at;
  }

  #endBare(bytes: Buffer, from: number, end: number): void {
    const isOverlong = this.#isOverlong || end - from > LONGEST_SCALAR;
    this.#inside = null;
    this.#isOverlong = false;
    if (this.#wanted !== 'value' || isOverlong || !isValue(bytes, from, end)) {
      this.#stop();
    } else {
      this.#events.scalar(bytes, from, end);
      this.#after();
    }
  }

  /** Keeps a token whose end is not there yet; of one over the limit only what was not looked at. */
  #cut(bytes: Buffer, inside: 'text' | 'bare', from: number, looked: number, limit: number): number {
    this.#inside = inside;
    this.#isOverlong = this.#isOverlong || looked - from > limit;
    const start = this.#isOverlong ? looked : from;
    this.#chunks.keep(bytes, start, looked - start);
    return bytes.length;
  }

  #after(): void {
    const stack = this.#stack;
    this.#wanted = stack.length > 0 && stack[stack.length - 1] === BRACE ? 'key' : 'value';
  }

  #stop(): void {
    this.#isSkipping = true;
    this.#inside = null;
    this.#stack = [];
    this.#wanted = 'value';
    this.#events.stop('broken');
  }

  #skip(bytes: Buffer, from: number): number {
    const feed = this.#byLine ? bytes.indexOf(LINE_FEED, from) : -1;
    this.#isSkipping = feed < 0;
    return feed < 0 ? bytes.length : feed + 1;
  }
}

/** True for a number and for the words some programs write for a value they do not have. */
function isValue(bytes: Buffer, from: number, end: number): boolean {
  if (end - from === 4) {
    const word = bytes.readUInt32BE(from);
    if (word === TRUE || word === NULL) {
      return true;
    }
  }
  const first = bytes[from] as number;
  if (first === 45 || isDigit(first)) {
    return isNumber(bytes, from, end) || WORDS.has(bytes.toString('latin1', from, Math.min(end, from + 10)));
  }
  return end - from < 10 && WORDS.has(bytes.toString('latin1', from, end));
}

/** Digits, points, signs and exponents in any order; a sign alone is none. */
function isNumber(bytes: Buffer, from: number, end: number): boolean {
  for (let at = from + 1; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (!isDigit(byte) && byte !== 46 && byte !== 43 && byte !== 45 && (byte | 32) !== 101) {
      return false;
    }
  }
  return isDigit(bytes[from] as number) || end - from > 1;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(256).fill(MARK);
  for (const byte of Buffer.from(' \t\r\v\f,\u001e', 'latin1')) {
    table[byte] = BLANK;
  }
  for (const byte of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+._-', 'latin1')) {
    table[byte] = BARE;
  }
  return table;
}
