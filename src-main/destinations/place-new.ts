import { link, open, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { notWritable } from './not-writable.ts';
import type { StagedFile } from './write-streamed.ts';

/** `new`: only where nothing stands by then. `replace`: over what stands there. */
export type Placing = 'new' | 'replace';

/** A staged file and where it belongs. */
export interface PlacedFile {
  readonly path: string;
  readonly staged: StagedFile;
}

/** Highest number tried behind a name before giving up. */
const MOST_COPIES = 999;

/**
 * Puts staged files that belong together where nothing stands: the names of all but the first begin with the first's. Where
 * another program made one of them meanwhile, that one stays as it is, and all are kept under the next free name.
 *
 * @throws AppError CONFLICT with the name they are kept under; NOT_WRITABLE, and none of them is there
 */
export async function placeNew(files: readonly [PlacedFile, ...PlacedFile[]]): Promise<void> {
  const { path } = files[0];
  // The first one last: what belongs to a file may lie there without it, and says so.
  const moves = files.toReversed().map((file) => ({ ending: file.path.slice(path.length), at: file.staged.temporary }));
  try {
    for (let copy = 1; copy <= MOST_COPIES; copy += 1) {
      const base = copy === 1 ? path : numbered(path, copy);
      if (await allMoved(moves, base)) {
        if (copy > 1) {
          throw new AppError(
            'CONFLICT',
            `Another program made ${path} meanwhile; it stays as it is. What was written is kept as ${base}.`,
          );
        }
        return;
      }
    }
    throw new Error(`${MOST_COPIES} files of that name`);
  } catch (error) {
    if (error instanceof AppError) {
      throw error;
    }
    await Promise.allSettled(moves.map(({ at }) => rm(at, { force: true })));
    throw notWritable(path, error);
  }
}

interface Move {
  readonly ending: string;
  /** Where it is now. */
  at: string;
}

/** False where one of the names is taken; those that were moved before it are moved on with the others. */
async function allMoved(moves: readonly Move[], base: string): Promise<boolean> {
  for (const move of moves) {
    if (!(await moveToFree(move.at, `${base}${move.ending}`))) {
      return false;
    }
    move.at = `${base}${move.ending}`;
  }
  return true;
}

/** Gives a file a name that nothing has; false where something has it, also something made in that moment. */
export async function moveToFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      return false;
    }
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENOSPC' || code === 'EROFS') {
      throw error;
    }
    // A disk without such links, like those of cameras and sticks: the name is taken first, by nothing.
    return takeName(from, to);
  }
  await rm(from);
  return true;
}

async function takeName(from: string, to: string): Promise<boolean> {
  try {
    await (await open(to, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
  try {
    await rename(from, to);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
  return true;
}

function numbered(path: string, copy: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name} (${copy})${ext}`);
}
