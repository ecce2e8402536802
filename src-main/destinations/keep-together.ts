import { lstat, rename, rm } from 'node:fs/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { asideName } from './older-files.ts';
import type { PlacedFile } from './place-new.ts';
import { notWritable } from './not-writable.ts';

/** What is done to files that stand where new ones belong. */
export interface Disk {
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  lstat(path: string): Promise<{ isDirectory(): boolean }>;
}

interface Older {
  readonly path: string;
  readonly aside: string;
}

/** Tells apart what this process puts aside at one path, and says what belongs together. */
let moves = 0;

/**
 * Puts staged files that belong together in their places, over what stands there: all of them, or after any failure what
 * stood there before, whole. The older ones lie aside meanwhile, the last one first, so that none of them ever lies beside a
 * new file it does not belong to.
 *
 * @throws AppError NOT_WRITABLE
 */
export async function keepTogether(files: readonly PlacedFile[], disk: Disk = { rename, rm, lstat }): Promise<void> {
  moves += 1;
  const move = moves;
  const older: Older[] = [];
  const placed: string[] = [];
  try {
    for (const { path } of files.toReversed()) {
      older.push(...(await putAside(path, move, disk)));
    }
    for (const { path, staged } of files) {
      await staged.keep();
      placed.push(path);
    }
  } catch (error) {
    await Promise.allSettled(files.map(({ staged }) => staged.drop()));
    await putBack(placed, older.toReversed(), disk);
    throw error;
  }
  // The new ones stand: a copy of an older one that cannot be removed harms nobody.
  await Promise.allSettled(older.map(({ aside }) => disk.rm(aside, { force: true })));
}

/** Nothing where nothing stands. */
async function putAside(path: string, move: number, disk: Disk): Promise<readonly Older[]> {
  try {
    if ((await disk.lstat(path)).isDirectory()) {
      throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    }
    const aside = asideName(path, move);
    await disk.rename(path, aside);
    return [{ path, aside }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw notWritable(path, error);
  }
}

async function putBack(placed: readonly string[], older: readonly Older[], disk: Disk): Promise<void> {
  const isNew = (path: string): boolean => !older.some((other) => other.path === path);
  await Promise.allSettled(placed.filter(isNew).map((path) => disk.rm(path, { force: true })));
  const stuck: Older[] = [];
  for (const one of older) {
    try {
      await disk.rename(one.aside, one.path);
    } catch {
      // Named below: nothing that stood there is lost.
      stuck.push(one);
    }
  }
  if (stuck.length > 0) {
    const where = stuck.map(({ path, aside }) => `What stood at ${path} is kept as ${aside}.`);
    throw new AppError('NOT_WRITABLE', `Nothing new could be written. ${where.join(' ')} Give it its name again.`);
  }
}
