import type { Parameter, Value } from './compile.ts';

/** A text parameter. */
export function text<Row>(
  name: string,
  description: string,
  read: (row: Row) => string | readonly string[] | null,
): Parameter<Row> {
  return { name, type: 'String', description, read };
}

/** A whole number. */
export function number<Row>(name: string, description: string, read: (row: Row) => number | null): Parameter<Row> {
  return { name, type: 'Integer', description, read };
}

/** A moment; `read` gives milliseconds. */
export function date<Row>(name: string, description: string, read: (row: Row) => number | null): Parameter<Row> {
  return { name, type: 'Date', description, read };
}

/** Parameters by lower-case name. */
export function byName<Row>(parameters: readonly Parameter<Row>[]): ReadonlyMap<string, Parameter<Row>> {
  return new Map(parameters.map((parameter) => [parameter.name.toLowerCase(), parameter]));
}

/** The first of the values a parameter has: what rows are sorted by. */
export function firstValue(value: Value | readonly Value[] | null): Value | null {
  return typeof value === 'object' ? (value?.[0] ?? null) : value;
}
