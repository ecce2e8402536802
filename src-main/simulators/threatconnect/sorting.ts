import { ApiError } from './answers.ts';
import type { Value, Vocabulary } from './tql/compile.ts';
import { firstValue } from './tql/parameters.ts';
import type { StoredIndicator } from './world/indicator.ts';

interface Level {
  readonly read: (row: StoredIndicator) => Value | readonly Value[] | null;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

const MODIFIERS = new Set(['asc', 'desc', 'nullsfirst', 'nullslast']);

/**
 * Orders rows by `sorting`, e.g. `ownerName asc confidence desc`. What it leaves open is in an order that has nothing to do
 * with ids or time, so that nobody relies on one. Throws ApiError for what is no sorting.
 */
export function sorted(
  rows: readonly StoredIndicator[],
  sorting: string,
  vocabulary: Vocabulary<StoredIndicator>,
): readonly StoredIndicator[] {
  const levels = levelsOf(sorting, vocabulary);
  if (/^id(?: asc)?$/i.test(sorting.trim())) {
    return rows.toSorted((a, b) => a.id - b.id);
  }
  const keyed = rows.map((row) => ({ row, keys: levels.map(({ read }) => firstValue(read(row))) }));
  keyed.sort((a, b) => {
    for (let at = 0; at < levels.length; at += 1) {
      const level = levels[at];
      const order = level === undefined ? 0 : compared(a.keys[at] ?? null, b.keys[at] ?? null, level);
      if (order !== 0) {
        return order;
      }
    }
    return scrambled(a.row.id) - scrambled(b.row.id);
  });
  return keyed.map(({ row }) => row);
}

function levelsOf(sorting: string, { parameters }: Vocabulary<StoredIndicator>): readonly Level[] {
  const words = sorting.split(/\s+/).filter((word) => word !== '');
  const levels: Level[] = [];
  for (let at = 0; at < words.length;) {
    const parameter = parameters.get((words[at] ?? '').toLowerCase());
    if (parameter === undefined) {
      throw new ApiError('0x1001', `cannot sort by "${words[at] ?? ''}"`);
    }
    at += 1;
    const said = new Set<string>();
    for (let word = words[at]?.toLowerCase(); word !== undefined && MODIFIERS.has(word);) {
      said.add(word);
      at += 1;
      word = words[at]?.toLowerCase();
    }
    const isDescending = said.has('desc');
    const nullsFirst = said.has('nullsfirst') || (!said.has('nullslast') && !isDescending);
    levels.push({ read: parameter.read, isDescending, nullsFirst });
  }
  return levels;
}

function compared(a: Value | null, b: Value | null, { isDescending, nullsFirst }: Level): number {
  if (a === b) {
    return 0;
  }
  if (a === null || b === null) {
    return (a === null) === nullsFirst ? -1 : 1;
  }
  return a < b === isDescending ? 1 : -1;
}

function scrambled(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 0;
}
