import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';
import { syncFolder } from '../../intakes/packed-writer.ts';
import { intakePlace, intakesFolder, quarantineFolder } from './places.ts';
import { isRunning } from '../../platform/process-mark.ts';

const DEAD_READER =
  'Reading was interrupted: the Assay process that read it ended. Nothing of it was kept. Drop the list again.';

/** What a start found and put right. */
export interface Recovery {
  /** Intakes whose reader died. */
  readonly failed: readonly number[];
  /** Folders that belong to no intake, by their new place. */
  readonly quarantined: readonly string[];
}

/** Makes a fresh folder to read into. */
export function openReading(directory: string, id: number): string {
  const { reading, forgotten } = intakePlace(directory, id);
  rmSync(forgotten, { recursive: true, force: true });
  rmSync(reading, { recursive: true, force: true });
  mkdirSync(reading, { recursive: true, mode: 0o700 });
  return reading;
}

/** Gives a finished folder its place, durably. Its files are synced already. */
export function keepReading(directory: string, id: number): void {
  const { reading, folder } = intakePlace(directory, id);
  syncFolder(reading);
  renameSync(reading, folder);
  syncFolder(intakesFolder(directory));
}

export function dropReading(directory: string, id: number): void {
  rmSync(intakePlace(directory, id).reading, { recursive: true, force: true });
}

export function isOnDisk(directory: string, id: number): boolean {
  return existsSync(intakePlace(directory, id).file);
}

/**
 * Removes an intake for good: its folder first gets a name that says so, so that whatever interrupts this, the next start
 * completes it and never brings the intake back.
 */
export async function forgetIntake(database: Database, id: number, at: number): Promise<boolean> {
  const { folder, forgotten } = intakePlace(database.directory, id);
  if (existsSync(folder)) {
    rmSync(forgotten, { recursive: true, force: true });
    setAside(id, folder, forgotten);
    syncFolder(intakesFolder(database.directory));
  }
  const removed = await database.write('removeIntake', { id, at });
  rmSync(forgotten, { recursive: true, force: true });
  return removed;
}

/**
 * Brings rows and folders into agreement after whatever happened before: a row left `reading` by a dead process becomes
 * `failed`, a folder without a row goes to `quarantine/`, a begun removal is completed. Other processes may be reading
 * meanwhile; theirs are left alone.
 */
export async function recoverIntakes(database: Database, now: () => number): Promise<Recovery> {
  const { directory } = database;
  const root = intakesFolder(directory);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  // Folders before rows: a living process makes the row first, so every folder seen here that is alive has its row.
  const names = readdirSync(root);
  const rows = new Map((await database.read('intakePlaces', undefined)).map((row) => [row.id, row]));
  const failed: number[] = [];
  for (const row of rows.values()) {
    if (row.state === 'reading' && !isRunning(row.process)) {
      await database.write('failIntake', { id: row.id, fault: DEAD_READER });
      failed.push(row.id);
    }
  }
  const quarantined: string[] = [];
  for (const name of names) {
    const match = /^(?<way>\.reading-|\.spool-|\.forgotten-|)(?<id>\d{1,15})$/.exec(name);
    const id = Number(match?.groups?.['id'] ?? 0);
    const row = rows.get(id);
    if (match?.groups?.['way'] === '.forgotten-') {
      await database.write('removeIntake', { id, at: now() });
      rmSync(join(root, name), { recursive: true, force: true });
    } else if (match?.groups?.['way'] === '.reading-' || match?.groups?.['way'] === '.spool-') {
      if (row?.state !== 'reading' || failed.includes(id)) {
        rmSync(join(root, name), { recursive: true, force: true });
      }
    } else if (row === undefined || failed.includes(id)) {
      quarantined.push(quarantine(directory, name, now()));
    }
  }
  return { failed, quarantined };
}

/** Windows refuses to rename a folder while somebody has a file in it open. */
function setAside(id: number, folder: string, forgotten: string): void {
  try {
    renameSync(folder, forgotten);
  } catch (error) {
    throw new AppError(
      'NOT_WRITABLE',
      `Intake ${id} was not forgotten: its files are in use (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Wait until exports of it have ended, close other Assay windows, then try again.`,
      { cause: error },
    );
  }
}

function quarantine(directory: string, name: string, at: number): string {
  const folder = quarantineFolder(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let target = join(folder, `intake-${name}-${at}`);
  for (let attempt = 2; existsSync(target); attempt += 1) {
    target = join(folder, `intake-${name}-${at}-${attempt}`);
  }
  renameSync(join(intakesFolder(directory), name), target);
  return target;
}
