/**
 * Errors people may see. `expected` ones carry a code and a sentence that says what happened, where, and what to do.
 * Anything else that is thrown is a defect and is shown as unexpected.
 */
export const ERROR_CODES = {
  INVALID_ARGUMENT: { retryable: false, exit: 2 },
  NOT_FOUND: { retryable: false, exit: 1 },
  UNREADABLE: { retryable: true, exit: 1 },
  NOT_WRITABLE: { retryable: true, exit: 1 },
  CONFLICT: { retryable: false, exit: 1 },
  CANCELLED: { retryable: true, exit: 1 },
  DB_BUSY: { retryable: true, exit: 1 },
  DB_DAMAGED: { retryable: false, exit: 1 },
  DB_FROM_FUTURE: { retryable: false, exit: 1 },
  NETWORK_SHARE: { retryable: false, exit: 1 },
  SIMULATED_MIX: { retryable: false, exit: 1 },
  UNSUPPORTED: { retryable: false, exit: 1 },
  /** A message from something that is not a window of Assay. */
  FORBIDDEN: { retryable: false, exit: 1 },
  DEFECT: { retryable: false, exit: 1 },
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

export function isAppError(value: unknown): value is AppError {
  return value instanceof AppError;
}

/** For the end of exhaustive switches. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value ${String(value)}`);
}
