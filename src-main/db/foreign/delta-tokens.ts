/** A value as a statement writes it: text, a number in its own spelling, or NULL. */
export type Value = string | null;

const TOKEN = /\s*(?:'((?:[^']|'')*)'|"([^"]*)"|([A-Za-z_][\w$]*)|([-+]?\d[\w.+-]*)|([(),=.*<>!]))/y;

/** A statement that cannot be told apart. */
export class DeltaUnclear extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`line ${line} is no statement of a delta`);
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

  /** The name of a column. */
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

  /** The name of a table; what stands before a point is the name of its database. */
  name(): string {
    const [, , quoted, word] = this.#next();
    const name = quoted ?? word;
    if (name === undefined) {
      throw new DeltaUnclear(this.#line);
    }
    return this.skip('.') ? this.name() : name;
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

  /** What looks like a number may be a sum or a hexadecimal one, which would have to be worked out. */
  #number(spelled: string): string {
    if (!/^[-+]?\d+(?:\.\d+)?$/.test(spelled)) {
      return this.refuse();
    }
    return spelled.includes('.') ? spelled : BigInt(spelled.replace('+', '')).toString();
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
