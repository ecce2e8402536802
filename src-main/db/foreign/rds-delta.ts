/** A value as a statement writes it: text, a number in its own spelling, or NULL. */
type Value = string | null;

/** One row that a statement inserts. Names of tables and columns in capitals and lower case. */
export interface DeltaRow {
  readonly kind: 'row';
  readonly line: number;
  readonly table: string;
  /** Null where the statement names no columns: then the values are in the order of the published schema. */
  readonly columns: readonly string[] | null;
  readonly values: readonly Value[];
}

/** A statement that is no plain insertion of rows. */
export interface DeltaOther {
  readonly kind: 'other';
  readonly line: number;
  /** Its first word in capitals, and the table it is about; '' where there is none. */
  readonly verb: string;
  readonly table: string;
}

/** Longer statements are no part of a published delta. */
const MOST_STATEMENT = 1 << 20;
const TOKEN = /\s*(?:'((?:[^']|'')*)'|"([^"]*)"|([A-Za-z_][\w$]*)|([-+]?\d[\w.+-]*)|([(),=.*<>]))/y;
/** Statements that name a table, and the word that may stand before it. */
const VERBS_WITH_TABLE: Readonly<Record<string, string>> = {
  UPDATE: '',
  DELETE: 'FROM',
  DROP: 'TABLE',
  ALTER: 'TABLE',
};
/** Statements that change no row, or none that is there already. */
const OTHER_VERBS = new Set([
  'BEGIN',
  'COMMIT',
  'END',
  'PRAGMA',
  'ANALYZE',
  'VACUUM',
  'SAVEPOINT',
  'RELEASE',
  'CREATE',
]);

/** The text ends inside a statement, or in the middle of a transaction. */
export class DeltaCutOff extends Error {}

/** A statement that cannot be told apart. */
export class DeltaUnclear extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`line ${line} is no statement of a delta`);
    this.line = line;
  }
}

/**
 * The statements of an RDSv3 delta, which NIST publishes as SQL text with INSERT, UPDATE and DELETE statements. They are read
 * as data and never run. Throws DeltaCutOff at an end too early and DeltaUnclear where the text is something else.
 */
export async function* readDelta(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<DeltaRow | DeltaOther> {
  const decoder = new TextDecoder('utf-8');
  let text = '';
  let line = 1;
  let isOpen = false;
  const statements = function* (isEnd: boolean): Generator<DeltaRow | DeltaOther> {
    let from = 0;
    for (let end = endOf(text, from); end !== -1; end = endOf(text, from)) {
      const statement = text.slice(from, end);
      for (const read of statementOf(statement, line)) {
        isOpen = read.kind === 'other' ? stillOpen(read.verb, isOpen) : isOpen;
        yield read;
      }
      line += linesIn(statement);
      from = end + 1;
    }
    text = text.slice(from);
    if (text.length > MOST_STATEMENT || (isEnd && (text.trim() !== '' || isOpen))) {
      throw isEnd ? new DeltaCutOff() : new DeltaUnclear(line);
    }
  };
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    yield* statements(false);
  }
  text += decoder.decode();
  yield* statements(true);
}

/** The end of the statement that begins at `from`, or -1: a semicolon that is in no text and no remark. */
function endOf(text: string, from: number): number {
  const mark = /'|;|--/g;
  mark.lastIndex = from;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    if (found[0] === ';') {
      return found.index;
    }
    const close = text.indexOf(found[0] === '--' ? '\n' : "'", mark.lastIndex);
    if (close === -1) {
      return -1;
    }
    mark.lastIndex = close + 1;
  }
  return -1;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
  }
  return lines;
}

function stillOpen(verb: string, isOpen: boolean): boolean {
  return verb === 'BEGIN' || (isOpen && verb !== 'COMMIT' && verb !== 'END');
}

function statementOf(statement: string, line: number): readonly (DeltaRow | DeltaOther)[] {
  const bare = statement.replace(/^(?:\s|--[^\n]*(?:\n|$))+/, '');
  if (bare === '') {
    return [];
  }
  const at = line + linesIn(statement) - linesIn(bare);
  const tokens = new Tokens(bare, at);
  const verb = tokens.word();
  if (verb !== 'INSERT' && verb !== 'REPLACE') {
    const before = VERBS_WITH_TABLE[verb];
    if (before === undefined && !OTHER_VERBS.has(verb)) {
      throw new DeltaUnclear(at);
    }
    if (before !== undefined && before !== '') {
      tokens.skipWord(before);
    }
    return [{ kind: 'other', line: at, verb, table: before === undefined ? '' : tokens.name().toUpperCase() }];
  }
  if (tokens.skipWord('OR')) {
    tokens.word();
  }
  tokens.skipWord('INTO');
  const table = tokens.name().toUpperCase();
  const columns = tokens.peek() === '(' ? tokens.list().map((name) => String(name).toLowerCase()) : null;
  if (!tokens.skipWord('VALUES')) {
    return [{ kind: 'other', line: at, verb, table }];
  }
  const rows: DeltaRow[] = [];
  do {
    rows.push({ kind: 'row', line: at, table, columns, values: tokens.list() });
  } while (tokens.skip(','));
  return rows;
}

class Tokens {
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
    const before = this.#at;
    const [, , , word] = this.#next();
    if (word?.toUpperCase() === wanted) {
      return true;
    }
    this.#at = before;
    return false;
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
