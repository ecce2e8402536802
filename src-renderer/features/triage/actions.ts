import type { GridQuery, GridRow, Selection } from '#shared/contract/intake.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { openIntake, say, sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { counted, number } from '../../components/words.ts';
import { MOST_BY_HAND, type GridSelection } from '../../grid/selection.ts';

const PAGE = 500;

interface Named {
  readonly intakeId: number;
  /** With the order the selection was made in held fast: its positions mean nothing in another. */
  readonly query: GridQuery;
  readonly selection: GridSelection;
  readonly total: number;
  readonly current: GridRow | null;
}

/**
 * What an action acts on: everything the query shows, the rows selected by hand, or the row the reader is on.
 * Positions become entries here, because entries stay true when the order changes.
 */
export async function selectionOf({ intakeId, query, selection, total, current }: Named): Promise<Selection | null> {
  if (selection.all && selection.positions.size === 0) {
    return { kind: 'query', query };
  }
  const { positions } = selection;
  if (positions.size === 0 && !selection.all) {
    return current === null ? null : { kind: 'entries', entries: [current.entry] };
  }
  const wanted = selection.all ? total - positions.size : positions.size;
  if (wanted > MOST_BY_HAND) {
    throw new RangeError(`At most ${number(MOST_BY_HAND)} rows can be picked one by one. Filter, then select all.`);
  }
  const entries: number[] = [];
  for (const offset of pagesOf(selection, total)) {
    const { rows, orderId } = await call('intake.rows', { intakeId, query, offset, limit: PAGE });
    if (orderId !== query.asOf) {
      throw new RangeError('Verdicts changed and the rows moved. Nothing was done; select the rows again.');
    }
    rows.forEach((row, index) => {
      if (positions.has(offset + index) !== selection.all) {
        entries.push(row.entry);
      }
    });
  }
  return { kind: 'entries', entries };
}

function pagesOf(selection: GridSelection, total: number): readonly number[] {
  if (selection.all) {
    return Array.from({ length: Math.ceil(total / PAGE) }, (_, page) => page * PAGE);
  }
  return [...new Set([...selection.positions].map((at) => Math.floor(at / PAGE) * PAGE))].sort((a, b) => a - b);
}

/** Puts the hashes on the clipboard and says how many. */
export async function copyHashes(
  intakeId: number,
  named: Promise<Selection | null>,
  as: 'list' | 'tsv' | 'defanged',
): Promise<void> {
  try {
    const selection = await named;
    if (selection !== null) {
      const { text, rows, truncated } = await call('intake.hashes', { intakeId, selection, as });
      await navigator.clipboard.writeText(text);
      say(
        truncated
          ? `The first ${number(rows)} rows were copied. Export writes all of them.`
          : `${counted(rows, 'row')} copied.`,
      );
    }
  } catch (error) {
    fault(error);
  }
}

/** Adds rows to the hash list and offers the way back. */
export async function addToList(intakeId: number, named: Promise<Selection | null>, side: ListSide): Promise<void> {
  try {
    const selection = await named;
    if (selection === null) {
      return;
    }
    const entries = selection.kind === 'entries' ? selection.entries : await entriesOf(intakeId, selection.query);
    const change = await call('hashList.addRows', { intakeId, entries, side });
    const problem = change.problems[0];
    if (problem !== undefined) {
      say(`Nothing was added. ${problem.message}`, { isError: true });
      return;
    }
    const done = change.added + change.updated;
    const { changeId } = change;
    say(
      done === 0
        ? `Already on the hash list as ${side}.`
        : `${counted(done, 'hash', 'hashes')} on the hash list as ${side}.`,
      changeId === null ? {} : { action: { label: 'Undo', run: () => void undo(changeId) } },
    );
  } catch (error) {
    fault(error);
  }
}

/** Removes an intake and everything kept of it. */
export function forget(intakeId: number): void {
  call('intake.forget', { intakeId }).then(() => openIntake(null), sayFault);
}

/** Takes a change of the hash list back. */
export async function undo(changeId: number): Promise<void> {
  try {
    const change = await call('hashList.undo', { changeId });
    const problem = change.problems[0];
    if (problem === undefined) {
      say('Taken back.');
    } else {
      say(problem.message, { isError: true });
    }
  } catch (error) {
    sayFault(error);
  }
}

async function entriesOf(intakeId: number, query: GridQuery): Promise<number[]> {
  const entries: number[] = [];
  for (;;) {
    const { rows, total } = await call('intake.rows', { intakeId, query, offset: entries.length, limit: PAGE });
    if (total > MOST_BY_HAND) {
      throw new RangeError(`${number(total)} rows are selected; at most ${number(MOST_BY_HAND)} can be added at once.`);
    }
    entries.push(...rows.map((row) => row.entry));
    if (rows.length === 0 || entries.length >= total) {
      return entries;
    }
  }
}

/** Says why something was not done. */
export function fault(error: unknown): void {
  if (error instanceof RangeError) {
    say(error.message, { isError: true });
  } else {
    sayFault(error);
  }
}
