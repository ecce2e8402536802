import { ERROR_CODES, isAppError, type ErrorCode } from '#shared/errors/app-error.ts';
import type { Reply } from '#shared/contract/index.ts';

/** Told about every defect, with its stack. What it gets never reaches a window. */
export type DefectListener = (where: string, error: unknown) => void;

export function refusal(code: ErrorCode, message: string): Reply<never> {
  return { ok: false, error: { code, message, retryable: ERROR_CODES[code].retryable } };
}

/**
 * The envelope for something thrown. Expected errors keep their code and sentence; anything else is a defect, told to
 * `onDefect` and answered without its message, which may hold paths or secrets.
 */
export function failureOf(where: string, error: unknown, onDefect: DefectListener): Reply<never> {
  if (isAppError(error) && error.code !== 'DEFECT') {
    return refusal(error.code, error.message);
  }
  onDefect(where, error);
  return refusal('DEFECT', 'Unexpected fault; nothing was changed. The log in the data directory has details.');
}
