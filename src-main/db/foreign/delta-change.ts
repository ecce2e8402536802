import { DeltaUnclear, type Tokens, type Value } from './delta-tokens.ts';
import { quoted } from './open-foreign.ts';

/** A condition in SQL of our own making, with the columns it is about and the values to bind. */
export interface Condition {
  readonly sql: string;
  readonly columns: readonly string[];
  readonly values: readonly Value[];
}

/** What happens to the rows that meet a condition. */
export type Change =
  | { readonly kind: 'delete'; readonly where: Condition }
  | {
      readonly kind: 'update';
      readonly set: readonly { readonly column: string; readonly value: Value }[];
      readonly where: Condition;
    };

const ROW_NUMBERS = new Set(['rowid', '_rowid_', 'oid']);
const EVERY_ROW: Condition = { sql: '1', columns: [], values: [] };
/** What it can be nested, which no delta comes near. */
const MOST_DEPTH = 20;

/**
 * The change behind the name of a table: conditions compare columns with texts and numbers, joined by AND and OR. Null for
 * anything that would have to be worked out, like subqueries and functions.
 */
export function readChange(verb: string, tokens: Tokens): Change | null {
  if (verb !== 'DELETE' && verb !== 'UPDATE') {
    return null;
  }
  try {
    const set = verb === 'UPDATE' ? assignments(tokens) : [];
    const where = tokens.skipWord('WHERE') ? either(tokens, 0) : EVERY_ROW;
    if (!tokens.isEnd) {
      return null;
    }
    return verb === 'DELETE' ? { kind: 'delete', where } : { kind: 'update', set, where };
  } catch (error) {
    if (error instanceof DeltaUnclear) {
      return null;
    }
    throw error;
  }
}

function assignments(tokens: Tokens): { readonly column: string; readonly value: Value }[] {
  tokens.expect('SET');
  const set: { readonly column: string; readonly value: Value }[] = [];
  do {
    const column = tokens.column();
    tokens.expect('=');
    set.push({ column, value: tokens.literal() });
  } while (tokens.skip(','));
  return set;
}

function either(tokens: Tokens, depth: number): Condition {
  return joined(tokens, 'OR', () => joined(tokens, 'AND', () => single(tokens, depth)));
}

function joined(tokens: Tokens, word: 'AND' | 'OR', next: () => Condition): Condition {
  const parts = [next()];
  while (tokens.skipWord(word)) {
    parts.push(next());
  }
  return {
    sql: parts.length === 1 ? (parts[0]?.sql ?? '') : `(${parts.map(({ sql }) => sql).join(` ${word} `)})`,
    columns: parts.flatMap(({ columns }) => columns),
    values: parts.flatMap(({ values }) => values),
  };
}

function single(tokens: Tokens, depth: number): Condition {
  if (tokens.skip('(')) {
    if (depth >= MOST_DEPTH) {
      tokens.refuse();
    }
    const inner = either(tokens, depth + 1);
    tokens.expect(')');
    return inner;
  }
  const named = tokens.column();
  const column = ROW_NUMBERS.has(named) ? 'rowid' : named;
  const { sql, values } = compared(tokens);
  return { sql: `${column === 'rowid' ? column : quoted(column)} ${sql}`, columns: [column], values };
}

function compared(tokens: Tokens): { readonly sql: string; readonly values: readonly Value[] } {
  const isNot = tokens.skipWord('NOT');
  if (tokens.skipWord('IN')) {
    const values = tokens.literals();
    return { sql: `${isNot ? 'NOT ' : ''}IN (${values.map(() => '?').join()})`, values };
  }
  if (tokens.skipWord('BETWEEN')) {
    const from = tokens.literal();
    tokens.expect('AND');
    return { sql: `${isNot ? 'NOT ' : ''}BETWEEN ? AND ?`, values: [from, tokens.literal()] };
  }
  if (isNot) {
    tokens.refuse();
  }
  if (tokens.skipWord('IS')) {
    return { sql: tokens.skipWord('NOT') ? 'IS NOT ?' : 'IS ?', values: [tokens.literal()] };
  }
  return { sql: `${operator(tokens)} ?`, values: [tokens.literal()] };
}

function operator(tokens: Tokens): string {
  for (const [first, then] of [
    ['=', ['=']],
    ['<', ['=', '>']],
    ['>', ['=']],
    ['!', ['=']],
  ] as [string, string[]][]) {
    if (tokens.skip(first)) {
      const second = then.find((mark) => tokens.skip(mark)) ?? '';
      return first === '!' && second === '' ? tokens.refuse() : `${first}${second}`;
    }
  }
  return tokens.refuse();
}
