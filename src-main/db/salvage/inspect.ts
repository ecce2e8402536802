import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#shared/errors/app-error.ts';
import { classified } from '../errors.ts';
import type { WritableDb } from '../handles.ts';
import { migrate } from '../migrate.ts';
import { openWritable } from '../open.ts';
import { verifyTables } from '../repositories/verify.ts';
import { finishRescue, salvage } from './salvage.ts';
import type { SalvageReport } from './salvage-report.ts';
import { checkFile, checkSchema } from './start-check.ts';
import { clearSuspect, isSuspect } from './suspect.ts';

/**
 * Looks at a database before it is used, and replaces it when it is damaged; null when it is sound or new. Only for a
 * caller that has the directory alone. Takes milliseconds, whatever the size, unless damage was seen before.
 */
export function inspect(file: string, now: number): SalvageReport | null {
  finishRescue(file);
  const problem = problemOf(file);
  if (problem === null) {
    clearSuspect(file);
    return null;
  }
  const report = salvage(file, problem, now);
  clearSuspect(file);
  return report;
}

/** Leaves word beside the database that there is one, so that a lost file is not taken for a first start. */
export function leaveWitness(file: string): void {
  if (!existsSync(witnessFile(file))) {
    writeFileSync(witnessFile(file), 'The database of this folder is assay.db.\n', { mode: 0o600 });
  }
}

function witnessFile(file: string): string {
  return `${file}.exists`;
}

function problemOf(file: string): string | null {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? -1;
  if (size <= 0) {
    return emptyProblem(file, size);
  }
  return checkFile(file) ?? openProblem(file);
}

/** No database is the normal beginning, unless what only a database could have named is lying beside it. */
function emptyProblem(file: string, size: number): string | null {
  const hasLog = (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  const isUsed =
    existsSync(witnessFile(file)) ||
    ['intakes', 'known-sets'].some((name) => {
      const folder = join(dirname(file), name);
      return existsSync(folder) && readdirSync(folder).some((entry) => !entry.startsWith('.'));
    });
  if (!hasLog && !isUsed) {
    return null;
  }
  return `the database file is ${size < 0 ? 'missing' : 'empty'} though there was one`;
}

function openProblem(file: string): string | null {
  let db: WritableDb | null = null;
  try {
    db = openWritable(file);
    return checkSchema(db, expectedTables()) ?? (isSuspect(file) ? (verifyTables(db)[0] ?? null) : null);
  } catch (error) {
    const known = classified(error, file);
    if (known instanceof AppError && known.code === 'DB_DAMAGED') {
      return (error as Error).message;
    }
    throw known;
  } finally {
    db?.close();
  }
}

function expectedTables(): string[] {
  const db = new BetterSqlite3(':memory:') as WritableDb;
  migrate(db, { keepCopy: false });
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  db.close();
  return names as string[];
}
