import { AppError } from '#shared/errors/app-error.ts';

/**
 * A key or the credentials of a proxy as they may be kept. INVALID_ARGUMENT says what is wrong and never repeats it.
 * What every secret has to be is the store's to check.
 */
export function checkedKey(of: 'source' | 'proxy', value: string): string {
  const clean = value.replace(/^[\r\n]+|[\r\n]+$/g, '');
  if (of === 'source' && !isPlainKey(clean)) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'The key holds a character that no key has: a space, a line end or a letter with an accent. Nothing was kept.',
    );
  }
  if (of === 'proxy' && !/^[^:]+:/.test(clean)) {
    throw new AppError('INVALID_ARGUMENT', 'The credentials of a proxy must be name:password. Nothing was kept.');
  }
  return clean;
}

/** Keys travel in headers and forms: visible ASCII. */
export function isPlainKey(key: string): boolean {
  return !/[^\u0021-\u007e]/.test(key);
}
