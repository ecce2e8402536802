import type { GridQuery, IntakeSummary } from '#shared/contract/intake.ts';
import { counted } from '#shared/domain/grouped.ts';
import type { Status } from '#shared/domain/status.ts';

export const EVERYTHING: GridQuery = {
  statuses: [],
  flags: [],
  tags: [],
  text: '',
  sort: 'verdict',
  descending: true,
  asOf: 0,
};

/** Presses one status of the strip: adds it to what is shown, or takes it out again. */
export function withStatus(query: GridQuery, status: Status): GridQuery {
  return { ...query, statuses: toggled(query.statuses, status) };
}

export function withFlag(query: GridQuery, flag: 'conflict' | 'stale'): GridQuery {
  return { ...query, flags: toggled(query.flags, flag) };
}

/** Presses a header: sorts by it, or turns its direction. Verdicts start with the worst. */
export function withSort(query: GridQuery, by: string): GridQuery {
  const sort = by as GridQuery['sort'];
  return query.sort === sort
    ? { ...query, descending: !query.descending }
    : { ...query, sort, descending: sort === 'verdict' };
}

export function isFiltered(query: GridQuery): boolean {
  return query.statuses.length > 0 || query.flags.length > 0 || (query.tags ?? []).length > 0 || query.text !== '';
}

/** Whether what is written on rows decides which are shown, or in what order. */
export function restsOnWritten(query: GridQuery): boolean {
  return (query.tags ?? []).length > 0 || query.text !== '' || query.sort === 'tags';
}

/** "1,907 hashes + 274 duplicates + 3 without a hash" in parts; zero parts are left out but for the hashes. */
export function accountingParts(
  accounting: IntakeSummary['accounting'],
): readonly { readonly value: number; readonly word: string }[] {
  const { hashes, duplicates, withoutHash, rejected } = accounting;
  const parts = [
    { value: hashes, word: hashes === 1 ? 'hash' : 'hashes' },
    { value: duplicates, word: duplicates === 1 ? 'duplicate' : 'duplicates' },
    { value: withoutHash, word: 'without a hash' },
    { value: rejected, word: 'rejected' },
  ];
  return parts.filter((part, index) => index === 0 || part.value > 0);
}

/** What an intake holds of something that could not be read whole. */
export function keptWords({ accounting: { hashes, duplicates } }: Pick<IntakeSummary, 'accounting'>): string {
  return `What could be read is kept: ${counted(hashes + duplicates, 'record')} with a hash.`;
}

function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((other) => other !== value) : [...list, value];
}
