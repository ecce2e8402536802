import { readMoment, type Clock } from './dates.ts';
import type { Expression, Literal, Operator } from './parse.ts';
import { TqlError } from './tokens.ts';

export type Value = string | number | boolean;

/** A parameter of a query. One with several values matches when any of them does; null and none match no comparison. */
export interface Parameter<Row> {
  readonly name: string;
  readonly type: 'String' | 'Integer' | 'Float' | 'Date' | 'Boolean';
  readonly description: string;
  readonly read: (row: Row) => Value | readonly Value[] | null;
  /** Its text is compared without regard to case. */
  readonly isCaseless?: true;
  /** Instead of equality: whether a row matches the literal; null when the literal means nothing here. */
  readonly meets?: (literal: string) => ((row: Row) => boolean) | null;
}

/** What queries over one kind of object can name, by lower-case name. */
export interface Vocabulary<Row> {
  readonly parameters: ReadonlyMap<string, Parameter<Row>>;
  /** Sub-queries: each makes a predicate of what stands in its parentheses. Throws TqlError. */
  readonly has: ReadonlyMap<string, (inner: Expression, clock: Clock) => Predicate<Row>>;
}

export type Predicate<Row> = (row: Row) => boolean;

type Compare = Extract<Expression, { kind: 'compare' }>;
type Test = (value: Value) => boolean;

const TEXT_ONLY: ReadonlySet<Operator> = new Set(['like', 'contains', 'startswith', 'endswith']);
const ORDERING: ReadonlySet<Operator> = new Set(['<', '>', '<=', '>=']);

/**
 * Makes a predicate of a query. An unknown parameter, an operator its type does not have and a value of another type throw
 * TqlError. Comparisons are case-sensitive. A row without a value matches no comparison, a negated one neither.
 */
export function compileTql<Row>(expression: Expression, vocabulary: Vocabulary<Row>, clock: Clock): Predicate<Row> {
  const compile = (part: Expression): Predicate<Row> => compileTql(part, vocabulary, clock);
  switch (expression.kind) {
    case 'and':
      // What is cheap to look at goes first: the order does not matter for what matches.
      return all(expression.parts.toSorted((a, b) => costOf(a) - costOf(b)).map(compile));
    case 'or':
      return any(expression.parts.map(compile));
    case 'has': {
      const make = vocabulary.has.get(expression.name.toLowerCase());
      if (make === undefined) {
        throw new TqlError(`unknown sub-query "${expression.name}"`, expression.at);
      }
      return make(expression.inner, clock);
    }
    case 'null': {
      const { read } = parameterOf(expression, vocabulary);
      return (row) => isNothing(read(row)) !== expression.isNegated;
    }
    case 'compare':
      return comparison(expression, parameterOf(expression, vocabulary), clock);
    default:
      throw new TypeError(`no such expression: ${JSON.stringify(expression satisfies never)}`);
  }
}

/** Names of the parameters a query compares, lower case; those inside sub-queries are not among them. */
export function parametersIn(expression: Expression): ReadonlySet<string> {
  if ('parts' in expression) {
    return new Set(expression.parts.flatMap((part) => [...parametersIn(part)]));
  }
  return expression.kind === 'has' ? new Set() : new Set([expression.parameter.toLowerCase()]);
}

/** Every comparison of a query, those inside sub-queries left out. */
export function comparisonsIn(expression: Expression): readonly Compare[] {
  if ('parts' in expression) {
    return expression.parts.flatMap(comparisonsIn);
  }
  return expression.kind === 'compare' ? [expression] : [];
}

function parameterOf<Row>(
  { parameter, at }: { readonly parameter: string; readonly at: number },
  { parameters }: Vocabulary<Row>,
): Parameter<Row> {
  const found = parameters.get(parameter.toLowerCase());
  if (found === undefined) {
    throw new TqlError(`unknown parameter "${parameter}"`, at);
  }
  return found;
}

function comparison<Row>(expression: Compare, parameter: Parameter<Row>, clock: Clock): Predicate<Row> {
  const { operator, isNegated, values, at } = expression;
  const isText = parameter.type === 'String';
  if (
    (TEXT_ONLY.has(operator) && !isText) ||
    (ORDERING.has(operator) && (parameter.type === 'Boolean' || parameter.meets !== undefined))
  ) {
    throw new TqlError(`"${operator}" does not go with ${parameter.name}`, at);
  }
  if (parameter.meets !== undefined) {
    return meeting(expression, parameter, parameter.meets);
  }
  const folded = (value: Value): Value =>
    parameter.isCaseless === true && typeof value === 'string' ? value.toLowerCase() : value;
  const exact = testOf(
    operator,
    values.map((literal) => folded(valueOf(literal, parameter, clock))),
  );
  const test: Test = parameter.isCaseless === true ? (value) => exact(folded(value)) : exact;
  const { read } = parameter;
  return (row) => {
    const value = read(row);
    if (value === null) {
      return false;
    }
    if (typeof value !== 'object') {
      return test(value) !== isNegated;
    }
    // As a join would: a negated comparison still matches by another of the values, and never where there is none.
    return value.some((one) => test(one) !== isNegated);
  };
}

function meeting<Row>(
  { operator, isNegated, values }: Compare,
  parameter: Parameter<Row>,
  meets: NonNullable<Parameter<Row>['meets']>,
): Predicate<Row> {
  const tests = values.map((literal) => {
    const test = literal.kind === 'string' ? meets(literal.value) : null;
    if (test === null || TEXT_ONLY.has(operator)) {
      throw new TqlError(`a value that ${parameter.name} cannot have`, literal.at);
    }
    return test;
  });
  const turned = isNegated !== (operator === '!=');
  return (row) => !isNothing(parameter.read(row)) && tests.some((test) => test(row)) !== turned;
}

function valueOf<Row>(literal: Literal, { name, type }: Parameter<Row>, clock: Clock): Value {
  if (type === 'Date') {
    const moment = literal.kind === 'string' ? readMoment(literal.value, clock) : null;
    if (moment === null) {
      throw new TqlError(`no date for ${name}`, literal.at);
    }
    return moment;
  }
  const wanted = { String: 'string', Integer: 'number', Float: 'number', Boolean: 'boolean' }[type];
  if (literal.kind !== wanted || (type === 'Integer' && !Number.isInteger(literal.value))) {
    throw new TqlError(`${name} is compared with ${type === 'Boolean' ? 'true or false' : `a ${wanted}`}`, literal.at);
  }
  return literal.value;
}

function testOf(operator: Operator, wanted: readonly Value[]): Test {
  const [first = ''] = wanted;
  const text = String(first);
  switch (operator) {
    case '=':
      return (value) => value === first;
    case '!=':
      return (value) => value !== first;
    case '>':
      return (value) => value > first;
    case '<':
      return (value) => value < first;
    case '>=':
      return (value) => value >= first;
    case '<=':
      return (value) => value <= first;
    case 'in': {
      const set = new Set(wanted);
      return (value) => set.has(value);
    }
    case 'like': {
      const pattern = new RegExp(`^${text.split('%').map(escaped).join('.*')}$`, 's');
      return (value) => pattern.test(String(value));
    }
    case 'contains':
      return (value) => String(value).includes(text);
    case 'startswith':
      return (value) => String(value).startsWith(text);
    case 'endswith':
      return (value) => String(value).endsWith(text);
    default:
      throw new TypeError(`no such operator: ${String(operator satisfies never)}`);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function isNothing(value: Value | readonly Value[] | null): boolean {
  return value === null || (typeof value === 'object' && value.length === 0);
}

function costOf({ kind }: Expression): number {
  return kind === 'compare' || kind === 'null' ? 0 : 1;
}

function all<Row>(parts: readonly Predicate<Row>[]): Predicate<Row> {
  return (row) => parts.every((part) => part(row));
}

function any<Row>(parts: readonly Predicate<Row>[]): Predicate<Row> {
  return (row) => parts.some((part) => part(row));
}
