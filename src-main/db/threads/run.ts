import { AppError } from '#shared/errors/app-error.ts';
import { classified } from '../errors.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { isBusy } from '../open.ts';
import { prepared } from '../prepared.ts';
import { reads, writes } from '../repositories/index.ts';
import { markSuspect } from '../salvage/suspect.ts';
import { isSliced, type Sliced } from '../slices.ts';

const BEGIN_ATTEMPTS = 2;

type AnyRead = (db: ReadableDb, args: unknown) => unknown;
type AnyWrite = (db: WritableDb, args: unknown) => unknown;

/** Runs one repository query in a read transaction, so that all it reads is of one moment. */
export function runRead(db: ReadableDb, name: string, args: unknown): unknown {
  const read = (reads as Readonly<Record<string, AnyRead>>)[name];
  if (read === undefined) {
    throw new TypeError(`no repository query is named ${name}`);
  }
  try {
    prepared(db, 'BEGIN').run();
    try {
      return read(db, args);
    } finally {
      if (db.inTransaction) {
        prepared(db, 'COMMIT').run();
      }
    }
  } catch (error) {
    throw noted(classified(error, db.name), db.name);
  }
}

/** A write under way: one transaction per step. */
export interface WriteRun {
  /** Runs one transaction. When it throws, that transaction is undone and the run is over. */
  step(): { readonly done: false } | { readonly done: true; readonly value: unknown };
  /** Ends a sliced write early; what its earlier steps committed stays. */
  abandon(): void;
}

/** Prepares a repository write; nothing runs before the first step. */
export function startWrite(db: WritableDb, name: string, args: unknown): WriteRun {
  const write = (writes as Readonly<Record<string, AnyWrite>>)[name];
  if (write === undefined) {
    throw new TypeError(`no repository write is named ${name}`);
  }
  let sliced: Sliced<unknown> | null = null;
  return {
    step() {
      return inImmediate(db, () => {
        if (sliced === null) {
          const result = write(db, args);
          if (!isSliced(result)) {
            return { done: true, value: result };
          }
          sliced = result;
        }
        const next = sliced.next();
        return next.done === true ? { done: true, value: next.value } : { done: false };
      });
    },
    abandon() {
      sliced?.return(undefined);
    },
  };
}

function inImmediate<T>(db: WritableDb, work: () => T): T {
  try {
    beginImmediate(db);
    try {
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      if (db.inTransaction) {
        db.exec('ROLLBACK');
      }
      throw error;
    }
  } catch (error) {
    throw noted(classified(error, db.name), db.name);
  }
}

/** Damage that shows while the database is in use is looked into by the next start. */
function noted(error: unknown, file: string): unknown {
  if (error instanceof AppError && error.code === 'DB_DAMAGED') {
    markSuspect(file);
  }
  return error;
}

function beginImmediate(db: WritableDb): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      db.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error) || attempt >= BEGIN_ATTEMPTS) {
        throw error;
      }
    }
  }
}

/** What a cancelled write answers with. */
export function cancelledWrite(): AppError {
  return new AppError('CANCELLED', 'Cancelled. What was written before is kept.');
}
