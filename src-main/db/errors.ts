import BetterSqlite3 from 'better-sqlite3';
import { AppError, type ErrorCode } from '#shared/errors/app-error.ts';

/** An error as it crosses a thread: code and sentence for expected ones, the stack for defects. */
export interface WireError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly stack?: string | undefined;
}

/**
 * Names what the database driver reports in words: busy, damaged, not writable. Anything else is a defect and comes
 * back as it is.
 */
export function classified(error: unknown, file: string): unknown {
  if (!(error instanceof BetterSqlite3.SqliteError)) {
    return error;
  }
  const cause = { cause: error };
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new AppError(
      'DB_BUSY',
      `Another Assay process kept ${file} busy. Nothing was written. Try again in a moment.`,
      cause,
    );
  }
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB') {
    return new AppError(
      'DB_DAMAGED',
      `${file} is damaged (${error.message}). Close every Assay window and command, then start Assay again: it keeps the file and saves what can be read.`,
      cause,
    );
  }
  if (/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|PERM|AUTH)/.test(error.code)) {
    return new AppError(
      'NOT_WRITABLE',
      `${file} could not be read or written (${error.message}). Check free space and permissions; what was saved before is kept.`,
      cause,
    );
  }
  return error;
}

export function toWire(error: unknown): WireError {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message };
  }
  return error instanceof Error
    ? { code: null, message: error.message, stack: error.stack }
    : { code: null, message: String(error) };
}

export function fromWire(wire: WireError): Error {
  if (wire.code !== null) {
    return new AppError(wire.code, wire.message);
  }
  const error = new Error(wire.message);
  if (wire.stack !== undefined) {
    error.stack = wire.stack;
  }
  return error;
}
