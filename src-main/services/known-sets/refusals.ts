import { basename, dirname } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';

/** Throws CANCELLED once a person asked for it. */
export function throwIfCancelled(hooks: { isCancelled(): boolean }): void {
  if (hooks.isCancelled()) {
    throw new AppError('CANCELLED', 'Cancelled. Nothing of the set was kept.');
  }
}

/** The error for a cancelled import that goes on where it was. */
export function cancelledKept(): AppError {
  return new AppError(
    'CANCELLED',
    'Cancelled. No set was made. What was read is kept for a week: importing the same file again goes on there.',
  );
}

/** The error for a file whose content cannot be a set. */
export function unusable(path: string, reason: string): AppError {
  return new AppError('UNREADABLE', `${basename(path)} cannot be a known set: ${reason}. Nothing was imported.`);
}

/** The error for a file that cannot be opened or read. */
export function unreadable(path: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('UNREADABLE', `${path} cannot be read (${reason}). Nothing was imported.`, { cause: error });
}

/** The error for a disk that is full, which a large set easily makes it; any other error as it is. */
export function withoutRoom(target: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'SQLITE_FULL') {
    return error;
  }
  return new AppError(
    'NOT_WRITABLE',
    `There is no room left in ${dirname(target)}. Nothing was imported. Free some space, or use a data directory on another disk.`,
    { cause: error },
  );
}
