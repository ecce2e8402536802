import { AppError } from '#shared/errors/app-error.ts';

/**
 * The development server a page may be loaded from instead of the built one: this machine only.
 * @throws AppError INVALID_ARGUMENT for any other address.
 */
export function developmentUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') {
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname) || url.username !== '') {
    throw new AppError('INVALID_ARGUMENT', 'A development server must be an http address of this machine.');
  }
  return url.href;
}
