import { AppError } from '#shared/errors/app-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'links lead in a circle',
  EFBIG: 'the disk takes no file that large',
  EIO: 'the disk failed',
};

/** What is said of a place that takes no file. */
export function notWritable(path: string, cause: unknown): AppError {
  return new AppError('NOT_WRITABLE', `${path} could not be written (${reasonOf(cause)}). Nothing was left there.`, {
    cause,
  });
}

/** Why the system took nothing, in words. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return REASONS[error.code] ?? error.code;
  }
  return error instanceof Error ? error.message : 'unknown reason';
}
