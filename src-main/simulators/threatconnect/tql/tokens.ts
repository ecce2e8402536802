/** A query that cannot be understood, and where: characters before the place, from 0. */
export class TqlError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** A piece of a query. `value` of a string is without quotes and escapes; of a word as written. `end` always comes last. */
export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'symbol' | 'end';
  readonly value: string;
  readonly at: number;
}

const SYMBOLS = ['==', '!=', '<=', '>=', '=', '<', '>', '(', ')', ','];
const SPACE = /\s+/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?![A-Za-z0-9_.])/y;
/** What may stand after a backslash inside quotes, by the operators page of the TQL documentation. */
const ESCAPED = new Set(['\\', "'", '"', '`']);

/** Cuts a query into tokens. Throws TqlError. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const space = match(SPACE, text, at);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const read = tokenAt(text, at);
    tokens.push(read.token);
    at = read.end;
  }
  tokens.push({ kind: 'end', value: '', at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): { readonly token: Token; readonly end: number } {
  const first = text.charAt(at);
  if (first === '"' || first === "'") {
    return stringAt(text, at, first);
  }
  const word = match(WORD, text, at);
  if (word !== null) {
    return { token: { kind: 'word', value: word, at }, end: at + word.length };
  }
  const number = match(NUMBER, text, at);
  if (number !== null) {
    return { token: { kind: 'number', value: number, at }, end: at + number.length };
  }
  const symbol = SYMBOLS.find((one) => text.startsWith(one, at));
  if (symbol === undefined) {
    throw new TqlError(`unexpected "${first}"`, at);
  }
  return { token: { kind: 'symbol', value: symbol, at }, end: at + symbol.length };
}

function stringAt(text: string, start: number, quote: string): { readonly token: Token; readonly end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === quote) {
      return { token: { kind: 'string', value, at: start }, end: at + 1 };
    }
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    if (!ESCAPED.has(text.charAt(at))) {
      throw new TqlError('unknown escape in a string', at - 1);
    }
    value += text.charAt(at);
  }
  throw new TqlError('a string does not end', start);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
