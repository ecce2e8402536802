import type { IntakePreview, Reading } from '#shared/contract/intake.ts';

/** What somebody chose in place of what was recognised. */
export interface ReadingChoice {
  /** The id of a format; '' as recognised, `sample` to hash the file itself. */
  readonly format: string;
  /** Indexes of the columns hashes are taken from; null as recognised. */
  readonly columns: readonly number[] | null;
}

/** No choice: what was recognised stands. */
export const AS_RECOGNISED: ReadingChoice = { format: '', columns: null };

/** A reading takes no more columns. */
export const MOST_DIGEST_COLUMNS = 16;

/** Whether anything differs from what was recognised. */
export function isChosen({ format, columns }: ReadingChoice): boolean {
  return format !== '' || columns !== null;
}

/** The reading a choice stands for; `containers` are formats that hold lists and samples. */
export function readingOf(
  { format, columns }: ReadingChoice,
  names: readonly string[],
  containers: ReadonlySet<string>,
): Reading {
  if (format === 'sample') {
    return { as: 'sample' };
  }
  const digestColumns = columns?.map((index) => columnName(names, index));
  return {
    as: (format === '' && columns === null) || containers.has(format) ? 'auto' : 'list',
    ...(format === '' ? {} : { format }),
    ...(digestColumns === undefined ? {} : { digestColumns }),
  };
}

/** A column by its number, which is short and always clear; by its name where another one is called like that number. */
function columnName(names: readonly string[], index: number): string {
  const number = String(index + 1);
  return names.some((name) => name.replaceAll(/\W/g, '') === number) ? (names[index] ?? number) : number;
}

/**
 * The columns hashes are taken from: those chosen, else those of the preview. A choice stands at once, also while its
 * preview is on its way: what is pressed next adds to it.
 */
export function takenColumns({ columns: chosen }: ReadingChoice, columns: IntakePreview['columns']): readonly number[] {
  return chosen ?? columns.flatMap(({ isTaken }, index) => (isTaken ? [index] : []));
}

/** The same with one more or one less; null when none is left. */
export function toggledColumn(taken: readonly number[], toggled: number): readonly number[] | null {
  const next = taken.includes(toggled) ? taken.filter((index) => index !== toggled) : [...taken, toggled];
  return next.length === 0 ? null : next.toSorted((a, b) => a - b);
}
