import { basename } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';

/** Throws CANCELLED once a person asked for it. */
export function throwIfCancelled(hooks: { isCancelled(): boolean }): void {
  if (hooks.isCancelled()) {
    throw new AppError('CANCELLED', 'Cancelled. Nothing of the set was kept.');
  }
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
