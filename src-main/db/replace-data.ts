import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { DATABASE_FILE } from './open.ts';
import { tryLockExclusive } from './process-lock.ts';

/** Held shared by every process that has the directory open; a restore or a rescue takes it alone. */
export const USE_LOCK = 'use.lock';

const MARKER = 'replacing.json';

/** What makes up the data that is replaced together; everything else in the directory stays. */
const REPLACED = [
  DATABASE_FILE,
  `${DATABASE_FILE}-wal`,
  `${DATABASE_FILE}-shm`,
  'intakes',
  'known-sets',
  'accelerators',
] as const;

interface Plan {
  /** Folder inside the directory with the new data, whole. */
  readonly staged: string;
  /** What it holds. */
  readonly names: readonly string[];
  /** Folder the former data goes to. */
  readonly kept: string;
}

/**
 * Puts the data in `staged` (a folder inside the directory) in place of the directory's own, which is kept in the folder
 * returned, or null when there was none. From the moment the plan is written the replacement is decided: interrupted, it
 * is completed by the next start. The caller holds the use lock alone.
 */
export function replaceData(directory: string, staged: string, keptName: string): string | null {
  const hasData = REPLACED.some((name) => existsSync(join(directory, name)));
  const kept = besideOrInside(directory, keptName);
  const plan: Plan = { staged, kept, names: readdirSync(staged) };
  const marker = join(directory, MARKER);
  writeFileSync(`${marker}.part`, JSON.stringify(plan), { mode: 0o600, flush: true });
  renameSync(`${marker}.part`, marker);
  carryOut(directory, plan);
  return hasData ? kept : null;
}

/** Completes a replacement that was interrupted. Nothing happens when there is none, or while others use the directory. */
export function completeReplacement(directory: string): void {
  const marker = join(directory, MARKER);
  if (!existsSync(marker)) {
    return;
  }
  const lock = tryLockExclusive(join(directory, USE_LOCK), 5_000);
  if (lock === null) {
    throw new AppError(
      'DB_BUSY',
      `${directory} is being restored by another Assay process. Wait until it has ended, then try again.`,
    );
  }
  try {
    if (existsSync(marker)) {
      carryOut(directory, JSON.parse(readFileSync(marker, 'utf8')) as Plan);
    }
  } finally {
    lock.release();
  }
}

/**
 * Every step may have been done before. While an item still waits in the staged folder, what lies in its place is the
 * former one; once it has left, what lies there is the new one and stays.
 */
function carryOut(directory: string, plan: Plan): void {
  mkdirSync(plan.kept, { recursive: true, mode: 0o700 });
  for (const name of REPLACED) {
    const present = join(directory, name);
    const waiting = join(plan.staged, name);
    const isDone = plan.names.includes(name) && !existsSync(waiting);
    if (!isDone && existsSync(present)) {
      renameSync(present, join(plan.kept, name));
    }
    if (existsSync(waiting)) {
      renameSync(waiting, present);
    }
  }
  if (readdirSync(plan.kept).length === 0) {
    rmSync(plan.kept, { recursive: true });
  }
  rmSync(join(directory, MARKER));
  rmSync(plan.staged, { recursive: true, force: true });
}

/** True from the moment a replacement is decided until it is complete: its staged folder must stay. */
export function isReplacing(directory: string): boolean {
  return existsSync(join(directory, MARKER));
}

/** Beside the directory where that is the same file system and may be written, else inside it. */
function besideOrInside(directory: string, name: string): string {
  const beside = `${directory}.${name}`;
  try {
    if (statSync(dirname(directory)).dev === statSync(directory).dev) {
      mkdirSync(beside, { mode: 0o700 });
      return beside;
    }
  } catch {
    // The parent may not be writable: inside is always possible.
  }
  return join(directory, name);
}
