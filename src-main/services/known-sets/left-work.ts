import { existsSync, readdirSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeftWork } from '#shared/contract/known-sets.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { isBusy, KEPT_MS, lastUse, PREFIX, removeIf, sourceOf } from './work-folder.ts';

/** Files of an import that are there. */
export interface WorkFiles {
  readonly path: string | null;
  readonly base: string | null;
}

/** Only work in a folder of such a name is found again by an import of its file. */
const FOUND_AGAIN = /^[0-9a-f]{24}$/;

/** What imports that did not end have kept below `sets`, the latest first; those that are under way among them. */
export function leftWork(sets: string): LeftWork[] {
  return workIn(sets)
    .map((id) => viewOf(sets, id))
    .filter((work) => work !== null)
    .sort((a, b) => b.keptAt - a.keptAt || a.id.localeCompare(b.id));
}

/**
 * Where the file of an import is, and the database that it is for; null for what is not known or not there any more. NOT_FOUND
 * where the work is gone, CONFLICT while a process works on it.
 */
export async function filesOfWork(sets: string, id: string): Promise<WorkFiles> {
  if (!workIn(sets).includes(id)) {
    throw gone();
  }
  const path = join(sets, `${PREFIX}${id}`);
  if (isBusy(path)) {
    throw new AppError('CONFLICT', `${nameIn(path)} is being imported already.`);
  }
  const { asked } = sourceOf(path) ?? {};
  return { path: await ifFile(asked?.path), base: await ifFile(asked?.base) };
}

async function ifFile(path: string | null | undefined): Promise<string | null> {
  try {
    return path !== null && path !== undefined && (await stat(path)).isFile() ? path : null;
  } catch {
    // Whatever hides it, it cannot be read from there now.
    return null;
  }
}

/** Removes what one import kept. NOT_FOUND where it is gone, CONFLICT while a process works on it. */
export function discardWork(sets: string, id: string): void {
  if (!workIn(sets).includes(id)) {
    throw gone();
  }
  const path = join(sets, `${PREFIX}${id}`);
  if (isBusy(path)) {
    throw atWork(path);
  }
  if (removeIf(path, () => !isBusy(path))) {
    return;
  }
  if (!existsSync(path)) {
    throw gone();
  }
  throw isBusy(path)
    ? atWork(path)
    : new AppError('CONFLICT', `${nameIn(path)} could not be discarded: another program holds it. Try again later.`);
}

function workIn(sets: string): string[] {
  if (!existsSync(sets)) {
    return [];
  }
  return readdirSync(sets)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));
}

/** Null for work that ended while it was looked at. */
function viewOf(sets: string, id: string): LeftWork | null {
  const path = join(sets, `${PREFIX}${id}`);
  const at = lastUse(path);
  const size = sizeOf(path);
  if (at === 0 || size === null) {
    return null;
  }
  const source = sourceOf(path);
  return {
    id,
    file: source?.name ?? null,
    asked: source?.asked ?? null,
    read: source === null ? null : { bytes: source.read, of: source.bytes },
    size,
    keptAt: Math.floor(at / 1000),
    keptUntil: Math.floor((at + KEPT_MS) / 1000),
    state: isBusy(path) ? 'running' : FOUND_AGAIN.test(id) ? 'kept' : 'lost',
  };
}

/** Bytes of the files in a folder; null for one that is gone. */
function sizeOf(path: string): number | null {
  try {
    return readdirSync(path).reduce(
      (sum, name) => sum + (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  } catch {
    // Another process removed it, or its import came to its end.
    return null;
  }
}

function gone(): AppError {
  return new AppError(
    'NOT_FOUND',
    'There is no such unfinished import. It may have been continued or discarded meanwhile.',
  );
}

function atWork(path: string): AppError {
  return new AppError(
    'CONFLICT',
    `${nameIn(path)} is being imported. Cancel the import instead; nothing was discarded.`,
  );
}

function nameIn(path: string): string {
  return sourceOf(path)?.name ?? 'The file';
}
