/** Where a token starts: 1-based, columns in characters. The object is reused. */
export interface TokenPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * What a text is made of. `plain`: no escapes and no character beyond ASCII; `wide`: such characters; `short`: ASCII with
 * escapes that stand for a quote, a backslash, a slash or a control character each, so that hex digits stand together
 * without the escapes only where they do as written; `any`: everything else.
 */
export type TextKind = 'plain' | 'wide' | 'short' | 'any';

/** True where a text has escapes. */
export function isEscaped(kind: TextKind): boolean {
  return kind === 'short' || kind === 'any';
}

/** What the tokenizer tells. Bytes are valid during the call only; texts come without quotes, escapes as written. */
export interface TokenHandler {
  open(isObject: boolean, place: TokenPlace): void;
  close(isObject: boolean): void;
  key(bytes: Buffer, from: number, end: number, kind: TextKind, place: TokenPlace): void;
  text(bytes: Buffer, from: number, end: number, kind: TextKind, place: TokenPlace): void;
  /** A number or one of the words of isScalar, as written. */
  scalar(bytes: Buffer, from: number, end: number, place: TokenPlace): void;
  /** A key or text over the limit: its first bytes, to quote. */
  overlong(bytes: Buffer, from: number, end: number, isKey: boolean, place: TokenPlace): void;
  /** What is written here is no JSON; all that was open is given up. */
  broken(reason: string, place: TokenPlace): void;
  /** The input ended inside a value. */
  cut(line: number, lastLine: number): void;
}

const WORDS = new Set(['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity', 'undefined', 'None', 'True', 'False']);
const LONGEST_WORD = 9;
/** By their first letters. */
const USUAL_WORDS: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, first) =>
  ['true', 'false', 'null'].map((word) => Buffer.from(word)).find((word) => word[0] === first),
);

/** White space, the comma (where it stands says nothing that is not known without it), and the mark of RFC 7464. */
export const BLANK = tableOf(' \t\r\v\f,\u001e');
/** What numbers and words are made of. */
export const BARE = tableOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._');
/** What may stand in a text without anything to do; what continues a UTF-8 sequence is counted. */
export const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 34 || byte === 92 || byte === 10 || (byte >= 0x80 && byte < 0xc0) ? 0 : 1,
);
/** What stands behind the backslash of a short escape. */
export const SHORT_ESCAPE = tableOf('"\\/bfnrt');
const NUMERIC = tableOf('0123456789+-.eE');

/** True for a number, or a word some programs write for a value they do not have. */
export function isScalar(bytes: Buffer, from: number, end: number): boolean {
  const first = bytes[from] as number;
  if ((first >= 48 && first <= 57) || (first === 45 && end > from + 1 && bytes[from + 1] !== 73)) {
    let at = from + 1;
    while (at < end && NUMERIC[bytes[at] as number] === 1) {
      at += 1;
    }
    return at === end;
  }
  return (
    isUsualWord(bytes, from, end) || (end - from <= LONGEST_WORD && WORDS.has(bytes.toString('latin1', from, end)))
  );
}

/** `true`, `false` or `null`, told without a string. */
function isUsualWord(bytes: Buffer, from: number, end: number): boolean {
  const word = USUAL_WORDS[bytes[from] as number];
  if (word?.length !== end - from) {
    return false;
  }
  let at = 1;
  while (at < word.length && word[at] === bytes[from + at]) {
    at += 1;
  }
  return at === word.length;
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) {
    table[character.charCodeAt(0)] = 1;
  }
  return table;
}
