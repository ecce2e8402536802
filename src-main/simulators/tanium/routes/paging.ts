import { refuse } from '../answers.ts';
import type { TaniumBehaviour } from '../port.ts';

const USUAL = 100;
const MOST = 500;

/** What a filter compares: a name holds the asked-for text in any case, everything else is equal to it. */
export type Filters<T> = Readonly<Record<string, (entry: T) => string | readonly string[]>>;

/** The rows a list was asked for, of entries in order of id: filters, order, then `limit` (100, at most 500) and `offset`, or all with `noLimit`. */
export function listed<T extends { readonly id: number }>(
  entries: Iterable<T>,
  query: URLSearchParams,
  filters: Filters<T>,
  behaviour: TaniumBehaviour,
): readonly T[] {
  const asked = Object.entries(filters).filter(([name]) => query.has(name));
  const found = [...entries].filter((entry) =>
    asked.every(([name, read]) => passes(query.get(name) ?? '', read(entry), name === 'name')),
  );
  const sort = query.get('sort');
  const rows = sort === null ? found : sorted(found, sort);
  if (behaviour.ignorePaging || query.get('noLimit') === 'true') {
    return rows;
  }
  const limit = Math.min(numberOf(query, 'limit', USUAL), MOST);
  const offset = numberOf(query, 'offset', 0);
  return rows.slice(offset, offset + limit);
}

/** A blank filter lets nothing pass. */
function passes(asked: string, value: string | readonly string[], isPart: boolean): boolean {
  if (asked === '') {
    return false;
  }
  const values = [value].flat();
  return isPart
    ? values.some((each) => each.toLowerCase().includes(asked.toLowerCase()))
    : values.some((each) => each === asked);
}

function sorted<T extends { readonly id: number }>(rows: readonly T[], sort: string): readonly T[] {
  const field = sort.replace(/^[-+ ]/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const valueOf = (row: T): unknown => Reflect.get(row, field);
  return rows.toSorted((a, b) => sign * compare(valueOf(a), valueOf(b)) || a.id - b.id);
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  const [left, right] = [String(a), String(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) {
    return otherwise;
  }
  if (!/^\d{1,9}$/.test(text)) {
    throw refuse(400, `${name} must be a number`);
  }
  return Number(text);
}
