import type { DigestKind } from '#shared/domain/hash.ts';
import { nameInParts } from './classify-name.ts';
import { stemOf } from './stem.ts';

/** A column of digests as its heading names it. */
export interface DigestColumn {
  readonly name: string;
  readonly kind: DigestKind;
}

/** Processes, parents and the like beside a file, whatever the other columns are called. */
const ANOTHER = /(^|-)(process|parent|grandparent|child|initiating|actor|caller|dll|driver)(-|$)/;

/**
 * The columns that speak of the same file, of those of one table: what is left of their headings without words for digests
 * is the same as in the shortest one. Where no kind has two columns and no heading speaks of a process or the like, all do.
 * `empty` are columns that hold nothing but tell how headings are meant.
 */
export function columnsOfOneFile<T extends DigestColumn>(
  columns: readonly T[],
  empty: readonly DigestColumn[] = [],
): T[] {
  const stems = columns.map(({ name }) => stemOf(nameInParts(name)));
  const [first = ''] = [...new Set(stems)].sort((left, right) => left.length - right.length);
  const kinds = [...columns, ...empty].map(({ kind }) => kind);
  const areSeveral = new Set(kinds).size < kinds.length || stems.some((stem) => ANOTHER.test(stem));
  return areSeveral ? columns.filter((_, index) => stems[index] === first) : [...columns];
}
