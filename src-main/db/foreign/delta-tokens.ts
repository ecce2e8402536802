/** A value as a statement writes it: text, a number in its own spelling, or NULL. */
export type Value = string | null;

const TOKEN = /\s*(?:'((?:[^']|'')*)'|"([^"]*)"|([A-Za-z_][\w$]*)|([-+]?\d[\w.+-]*)|([(),=.*<>!]))/y;

/** Numbers with a point are kept to so many digits. */
const MOST_DIGITS = 15;

/** A statement that cannot be told apart. */
export class DeltaUnclear extends Error {
  readonly line: number;
  constructor(line: number, why = 'is no statement of a delta') {
    super(`line ${line} ${why}`);
    this.line = line;
  }
}

/** Reads a statement word by word. Throws DeltaUnclear where it is not what was asked for. */
export class Tokens {
  readonly #text: string;
  readonly #line: number;
  #at = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  /** The next character that is no blank. */
  peek(): string {
    const blank = /\s*/y;
    blank.lastIndex = this.#at;
    blank.test(this.#text);
    return this.#text[blank.lastIndex] ?? '';
  }

  skip(mark: string): boolean {
    if (this.peek() !== mark) {
      return false;
    }
    this.#next();
    return true;
  }

  /** The next word, in capitals. */
  word(): string {
    const [, , , word] = this.#next();
    if (word === undefined) {
      throw new DeltaUnclear(this.#line);
    }
    return word.toUpperCase();
  }

  skipWord(wanted: string): boolean {
    if (!/[\w"'(),=.*<>!+-]/.test(this.peek())) {
      return false;
    }
    const before = this.#at;
    const [, , , word] = this.#next();
    if (word?.toUpperCase() === wanted) {
      return true;
    }
    this.#at = before;
    return false;
  }

  /** The name of a column, in lower case. */
  column(): string {
    const [, , quoted, word] = this.#next();
    const name = quoted ?? word;
    if (name === undefined) {
      throw new DeltaUnclear(this.#line);
    }
    return name.toLowerCase();
  }

  /** A text, a number or NULL; nothing that would have to be worked out. */
  literal(): Value {
    const [, text, , word, number] = this.#next();
    if (text !== undefined) {
      return text.replaceAll("''", "'");
    }
    if (number !== undefined) {
      return this.#number(number);
    }
    if (word?.toUpperCase() !== 'NULL') {
      throw new DeltaUnclear(this.#line);
    }
    return null;
  }

  /** Literals in parentheses, separated by commas. */
  literals(): Value[] {
    return this.#inParentheses(() => this.literal());
  }

  /** The same for a row: what is in double quotes there is text, as no column can be meant. */
  values(): Value[] {
    return this.#inParentheses(() => this.#quoted() ?? this.literal());
  }

  /** Passes a mark or a word that has to be here. */
  expect(wanted: string): void {
    if (!(/\w/.test(wanted) ? this.skipWord(wanted) : this.skip(wanted))) {
      this.refuse();
    }
  }

  refuse(): never {
    throw new DeltaUnclear(this.#line);
  }

  /** Whether the statement ends here. */
  get isEnd(): boolean {
    return /^(?:\s|--[^\n]*(?:\n|$))*$/.test(this.#text.slice(this.#at));
  }

  /** The name of a table; what stands before a point is the name of its database, and there is only the main one. */
  name(): string {
    const name = this.column();
    if (!this.skip('.')) {
      return name;
    }
    return name === 'main' ? this.column() : this.refuse();
  }

  /** What was not read yet. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }

  /** What stands in parentheses, separated by commas. */
  list(): Value[] {
    if (!this.skip('(')) {
      throw new DeltaUnclear(this.#line);
    }
    const values: Value[] = [];
    do {
      const [, text, quoted, word, number] = this.#next();
      const value = text?.replaceAll("''", "'") ?? quoted ?? number ?? word;
      if (value === undefined) {
        throw new DeltaUnclear(this.#line);
      }
      values.push(text === undefined && word?.toUpperCase() === 'NULL' ? null : value);
    } while (this.skip(','));
    if (!this.skip(')')) {
      throw new DeltaUnclear(this.#line);
    }
    return values;
  }

  #inParentheses(read: () => Value): Value[] {
    this.expect('(');
    const values: Value[] = [];
    do {
      values.push(read());
    } while (this.skip(','));
    this.expect(')');
    return values;
  }

  #quoted(): string | null {
    return this.peek() === '"' ? (this.#next()[2] ?? null) : null;
  }

  /**
   * A number as SQLite writes it into a column of text. What looks like one may be a sum or a hexadecimal one, which would
   * have to be worked out, and very large and very small ones are rounded.
   */
  #number(spelled: string): string {
    const [, minus = '', whole = '', part] = /^(?:\+|(-))?0*(\d+)(?:\.(\d+))?$/.exec(spelled) ?? this.refuse();
    if (part === undefined) {
      const number = BigInt(`${minus}${whole}`);
      return BigInt.asIntN(64, number) === number ? number.toString() : this.refuse();
    }
    const digits = part.replace(/0+$/, '');
    const isExact = whole === '0' ? /^0{0,3}[1-9]/.test(digits) : whole.length + digits.length <= MOST_DIGITS;
    const isZero = whole === '0' && digits === '' && minus === '';
    return (isExact && digits.length <= MOST_DIGITS) || isZero ? `${minus}${whole}.${digits || '0'}` : this.refuse();
  }

  #next(): readonly (string | undefined)[] {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) {
      throw new DeltaUnclear(this.#line);
    }
    this.#at = TOKEN.lastIndex;
    return found;
  }
}
