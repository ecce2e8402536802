import { say, sayFault } from '../app/store.ts';
import { counted, number } from '../components/words.ts';
import { countSelected, isSelected, type GridSelection } from './selection.ts';

const PAGE = 500;
/** Rows that may be picked at once, unless a grid says otherwise. */
export const MOST_PICKED = 1_000;

/** The selected rows of a grid, or the one the reader is on. More than may be picked is a RangeError with a sentence. */
export async function pickRows<Row>(parts: {
  readonly selection: GridSelection;
  readonly total: number;
  readonly current: Row | null;
  readonly fetchRows: (offset: number, limit: number) => Promise<readonly Row[]>;
  readonly most?: number;
}): Promise<readonly Row[]> {
  const { selection, total, current, fetchRows, most = MOST_PICKED } = parts;
  const chosen = countSelected(selection, total);
  if (chosen === 0) {
    return current === null ? [] : [current];
  }
  if (chosen > most) {
    throw new RangeError(`At most ${number(most)} rows at once. Select fewer; nothing was done.`);
  }
  const rows: Row[] = [];
  for (let offset = 0; offset < total && rows.length < chosen; offset += PAGE) {
    const isWanted = Array.from({ length: PAGE }, (_, index) => offset + index).some((at) => isSelected(selection, at));
    const page = isWanted ? await fetchRows(offset, PAGE) : [];
    rows.push(...page.filter((_, index) => isSelected(selection, offset + index)));
  }
  return rows;
}

/** Copies the hashes of picked rows, one per line, each once. */
export async function copyHashes<Row>(
  pick: () => Promise<readonly Row[]>,
  hashOf: (row: Row) => string,
): Promise<void> {
  try {
    const hashes = [...new Set((await pick()).map(hashOf))];
    await navigator.clipboard.writeText(hashes.join('\n'));
    say(`${counted(hashes.length, 'hash', 'hashes')} copied.`);
  } catch (error) {
    sayPickFault(error);
  }
}

/** Says why rows were not picked, or what else went wrong. */
export function sayPickFault(error: unknown): void {
  if (error instanceof RangeError) {
    say(error.message, { isError: true });
  } else {
    sayFault(error);
  }
}
