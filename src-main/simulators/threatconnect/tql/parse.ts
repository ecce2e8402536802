import { TqlError, tokensOf, type Token } from './tokens.ts';

/** How a parameter is compared. Word forms and doubles (`==`, `EQ`) are brought to one spelling. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | 'in' | 'like' | 'contains' | 'startswith' | 'endswith';

export type Literal =
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: number };

/** A query as a tree. `at`: where its parameter stands. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'compare';
      readonly parameter: string;
      readonly at: number;
      readonly operator: Operator;
      readonly isNegated: boolean;
      readonly values: readonly Literal[];
    }
  | { readonly kind: 'null'; readonly parameter: string; readonly at: number; readonly isNegated: boolean }
  | { readonly kind: 'has'; readonly name: string; readonly at: number; readonly inner: Expression };

const SPELLINGS: ReadonlyMap<string, Operator> = new Map([
  ['=', '='],
  ['==', '='],
  ['eq', '='],
  ['equals', '='],
  ['!=', '!='],
  ['ne', '!='],
  ['>', '>'],
  ['gt', '>'],
  ['<', '<'],
  ['lt', '<'],
  ['<=', '<='],
  ['leq', '<='],
  ['>=', '>='],
  ['geq', '>='],
  ['in', 'in'],
  ['like', 'like'],
  ['contains', 'contains'],
  ['startswith', 'startswith'],
  ['endswith', 'endswith'],
]);
const NEGATABLE: ReadonlySet<Operator> = new Set(['in', 'like', 'contains', 'startswith', 'endswith']);
const RESERVED = new Set(['and', 'or', 'not', 'is', 'null', 'true', 'false']);
const DEEPEST = 100;

/**
 * Reads a query by the documented grammar: comparisons, `IS [NOT] NULL` and `hasX(…)`, joined by AND (which binds closer)
 * and OR, with parentheses; words in any case. NOT stands before an operator only. Throws TqlError.
 */
export function parseTql(text: string): Expression {
  const cursor = cursorOver(tokensOf(text));
  const expression = joined(cursor, 0);
  if (cursor.peek().kind !== 'end') {
    throw unexpected(cursor.peek(), 'AND, OR or the end of the query');
  }
  return expression;
}

interface Cursor {
  peek(): Token;
  take(): Token;
  /** Takes the next token if it is this word or symbol. */
  takes(value: string): boolean;
}

function cursorOver(tokens: readonly Token[]): Cursor {
  let next = 0;
  const peek = (): Token => {
    const token = tokens[next];
    if (token === undefined) {
      throw new TqlError('unexpected end', 0);
    }
    return token;
  };
  const take = (): Token => {
    const token = peek();
    next += token.kind === 'end' ? 0 : 1;
    return token;
  };
  return {
    peek,
    take,
    takes(value) {
      const found = isToken(peek(), value);
      if (found) {
        take();
      }
      return found;
    },
  };
}

function isToken(token: Token, value: string): boolean {
  return (token.kind === 'word' || token.kind === 'symbol') && token.value.toLowerCase() === value;
}

function joined(cursor: Cursor, depth: number): Expression {
  return chain(cursor, 'or', () => chain(cursor, 'and', () => term(cursor, depth)));
}

function chain(cursor: Cursor, kind: 'and' | 'or', next: () => Expression): Expression {
  const first = next();
  const parts = [first];
  while (cursor.takes(kind)) {
    parts.push(next());
  }
  return parts.length === 1 ? first : { kind, parts };
}

function term(cursor: Cursor, depth: number): Expression {
  const token = cursor.take();
  if (depth > DEEPEST) {
    throw new TqlError('too many parentheses inside each other', token.at);
  }
  if (isToken(token, '(')) {
    return closed(cursor, depth);
  }
  if (token.kind !== 'word' || RESERVED.has(token.value.toLowerCase())) {
    throw unexpected(token, 'a parameter');
  }
  if (/^has[A-Z]/i.test(token.value) && cursor.takes('(')) {
    return { kind: 'has', name: token.value, at: token.at, inner: closed(cursor, depth) };
  }
  return comparison(cursor, token);
}

function closed(cursor: Cursor, depth: number): Expression {
  const inner = joined(cursor, depth + 1);
  if (!cursor.takes(')')) {
    throw unexpected(cursor.peek(), '")"');
  }
  return inner;
}

function comparison(cursor: Cursor, { value: parameter, at }: Token): Expression {
  if (cursor.takes('is')) {
    const isNegated = cursor.takes('not');
    if (!cursor.takes('null')) {
      throw unexpected(cursor.peek(), 'NULL');
    }
    return { kind: 'null', parameter, at, isNegated };
  }
  const isNegated = cursor.takes('not');
  const written = cursor.take();
  const operator = written.kind === 'string' ? undefined : SPELLINGS.get(written.value.toLowerCase());
  if (operator === undefined || (isNegated && !NEGATABLE.has(operator))) {
    throw unexpected(written, 'an operator');
  }
  const values = operator === 'in' ? list(cursor) : [literal(cursor)];
  return { kind: 'compare', parameter, at, operator, isNegated, values };
}

function list(cursor: Cursor): readonly Literal[] {
  if (!cursor.takes('(')) {
    throw unexpected(cursor.peek(), '"("');
  }
  const values = [literal(cursor)];
  while (cursor.takes(',')) {
    values.push(literal(cursor));
  }
  if (!cursor.takes(')')) {
    throw unexpected(cursor.peek(), '"," or ")"');
  }
  return values;
}

function literal(cursor: Cursor): Literal {
  const token = cursor.take();
  const { at } = token;
  if (token.kind === 'string') {
    return { kind: 'string', value: token.value, at };
  }
  if (token.kind === 'number') {
    return { kind: 'number', value: Number(token.value), at };
  }
  if (isToken(token, 'true') || isToken(token, 'false')) {
    return { kind: 'boolean', value: token.value.toLowerCase() === 'true', at };
  }
  throw unexpected(token, 'a value');
}

function unexpected(token: Token, wanted: string): TqlError {
  const found = token.kind === 'end' ? 'the end of the query' : `"${token.value}"`;
  return new TqlError(`unexpected ${found} where ${wanted} belongs`, token.at);
}
