import { isAppError } from '#shared/errors/app-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk reported an error',
  EBUSY: 'another program holds it',
  EAGAIN: 'another program holds it',
  ENXIO: 'it is no file that can be read',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
};

/** Why something could not be read, in a few words. */
export function reasonOf(error: unknown): string {
  if (isAppError(error)) {
    return error.message;
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code === 'string') {
    return REASONS[code] ?? code;
  }
  return error instanceof Error ? error.message : String(error);
}
