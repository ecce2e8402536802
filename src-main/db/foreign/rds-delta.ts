import { type Change, readChange } from './delta-change.ts';
import { DeltaUnclear, Tokens, type Value } from './delta-tokens.ts';

/** One row that a statement inserts. Names of tables and columns in capitals and lower case. */
export interface DeltaRow {
  readonly kind: 'row';
  readonly line: number;
  readonly table: string;
  /** What becomes of a row that is there already. */
  readonly conflict: 'abort' | 'ignore' | 'replace' | 'other';
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
  /** What an UPDATE or DELETE does; null for all else, and where it does more than rows of a delta need. */
  readonly change: Change | null;
}

/** Longer statements are no part of a published delta. */
const MOST_STATEMENT = 1 << 20;
/** Statements that name a table, and the word that may stand before it. */
const VERBS_WITH_TABLE: Readonly<Record<string, string>> = {
  UPDATE: '',
  DELETE: 'FROM',
  DROP: 'TABLE',
  ALTER: 'TABLE',
};
/** What ends a name or a remark that does not end as it begins. */
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '--': '\n', '/*': '*/' };
/** Foreign keys count from then on only where a delta asks for it. */
const NO_FOREIGN_KEYS = /^\s*foreign_keys\s*=\s*(?:OFF|FALSE|NO|0)\s*$/i;
/** What may be created: nothing of it changes what other statements do. */
const CREATED = new Set(['INDEX', 'TABLE', 'VIEW']);
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

export interface DeltaReading {
  /** Refuse text that is not UTF-8, of which something would be lost; without it what is lost shows as U+FFFD. */
  readonly isExact: boolean;
}

/**
 * The statements of an RDSv3 delta, which NIST publishes as SQL text with INSERT, UPDATE and DELETE statements. They are read
 * as data and never run. Throws DeltaCutOff at an end too early and DeltaUnclear where the text is something else.
 */
export async function* readDelta(
  chunks: AsyncIterable<Uint8Array>,
  { isExact }: DeltaReading = { isExact: false },
): AsyncGenerator<DeltaRow | DeltaOther> {
  const decoder = new TextDecoder('utf-8', { fatal: isExact });
  let text = '';
  let line = 1;
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new DeltaUnclear(line, 'or one after it holds text that is not UTF-8');
    }
  };
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
    text += decoded(chunk);
    yield* statements(false);
  }
  text += decoded();
  yield* statements(true);
}

/** The end of the statement that begins at `from`, or -1: a semicolon that is in no text, no name and no remark. */
function endOf(text: string, from: number): number {
  const mark = /['"`[;]|--|\/\*/g;
  mark.lastIndex = from;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    const [opened] = found;
    if (opened === ';') {
      return found.index;
    }
    const closing = CLOSING[opened] ?? opened;
    const close = text.indexOf(closing, mark.lastIndex);
    if (close === -1) {
      return -1;
    }
    mark.lastIndex = close + closing.length;
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
    refuseBeyond(verb, tokens);
    if (before !== undefined && before !== '' && !tokens.skipWord(before) && verb === 'DELETE') {
      tokens.refuse();
    }
    const isPlain = !passesOver(verb, tokens);
    const table = before === undefined ? '' : tokens.name().toUpperCase();
    return [{ kind: 'other', line: at, verb, table, change: isPlain ? readChange(verb, tokens) : null }];
  }
  const conflict = conflictOf(verb, tokens.skipWord('OR') ? tokens.word() : '');
  tokens.expect('INTO');
  const table = tokens.name().toUpperCase();
  const columns = tokens.peek() === '(' ? tokens.list().map((name) => String(name).toLowerCase()) : null;
  if (!tokens.skipWord('VALUES')) {
    return [{ kind: 'other', line: at, verb, table, change: null }];
  }
  const rows: DeltaRow[] = [];
  do {
    rows.push({ kind: 'row', line: at, table, conflict, columns, values: tokens.values() });
  } while (tokens.skip(','));
  if (!tokens.isEnd) {
    // More rows out of a query, or what becomes of conflicts.
    throw new DeltaUnclear(at);
  }
  return rows;
}

/** Triggers, unique indexes and tables that hide others change what statements do; so do foreign keys that count. */
function refuseBeyond(verb: string, tokens: Tokens): void {
  if (verb === 'CREATE' && !CREATED.has(tokens.word())) {
    tokens.refuse();
  }
  if (verb === 'PRAGMA' && /\bforeign_keys\b/i.test(tokens.rest) && !NO_FOREIGN_KEYS.test(tokens.rest)) {
    tokens.refuse();
  }
}

/** What may stand between a verb and its table: `UPDATE OR REPLACE`, `DROP TABLE IF EXISTS`. */
function passesOver(verb: string, tokens: Tokens): boolean {
  if (verb === 'UPDATE' && tokens.skipWord('OR')) {
    tokens.word();
    return true;
  }
  if (verb === 'DROP' && tokens.skipWord('IF')) {
    tokens.skipWord('EXISTS');
    return true;
  }
  return false;
}

function conflictOf(verb: string, word: string): DeltaRow['conflict'] {
  if (verb === 'REPLACE' || word === 'REPLACE') {
    return 'replace';
  }
  if (word === 'IGNORE') {
    return 'ignore';
  }
  return word === '' || word === 'ABORT' || word === 'FAIL' ? 'abort' : 'other';
}
