import { constants } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { DATABASE_FILE, newestSchema } from '../../db/open.ts';
import type { Database } from '../../db/port.ts';
import { tryLockExclusive } from '../../db/process-lock.ts';
import { isReplacing, replaceData, USE_LOCK } from '../../db/replace-data.ts';
import { adoptCopy } from '../../db/snapshot.ts';
import { RESTORE_COPY, workFolder } from './abandoned.ts';
import { checkedManifest } from './manifest.ts';

const LOCK_WAIT_MS = 1_000;

/**
 * Checks a backup, copies it beside the present data and swaps the two in one decided step that the next start completes
 * if it is interrupted. The database is closed by this: the engine must be disposed afterwards. Refused with CONFLICT
 * while another process has the directory open, and with SIMULATED_MIX when one of the two holds answers of simulated
 * sources and the other does not; then nothing changed.
 */
export async function restoreDirectory(
  database: Database,
  source: string,
  now: number,
  letGo: () => Promise<void> = async () => undefined,
): Promise<{ readonly keptAt: string | null }> {
  const { directory } = database;
  const manifest = await checkedManifest(source);
  if (manifest.schemaVersion > newestSchema()) {
    throw new AppError(
      'DB_FROM_FUTURE',
      `${source} was made by a newer version of Assay (${manifest.version}). Nothing was changed. Use that version.`,
    );
  }
  const { simulated } = await database.read('databaseMeta', undefined);
  if ((manifest.simulated === true) !== simulated) {
    throw new AppError('SIMULATED_MIX', mixSentence(source, directory, simulated));
  }
  await letGo();
  await database.close();
  const lock = tryLockExclusive(join(directory, USE_LOCK), LOCK_WAIT_MS);
  if (lock === null) {
    throw new AppError(
      'CONFLICT',
      `${directory} is open in another Assay window or command. Nothing was changed. Close it, then restore again.`,
    );
  }
  const staged = workFolder(join(directory, RESTORE_COPY));
  try {
    for (const { path } of manifest.files) {
      const copy = join(staged, path);
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await copyFile(join(source, path), copy, constants.COPYFILE_FICLONE);
    }
    adoptCopy(join(staged, DATABASE_FILE), now, simulated, join(directory, DATABASE_FILE));
    return { keptAt: replaceData(directory, staged, `before-restore-${now}`) };
  } finally {
    if (!isReplacing(directory)) {
      await rm(staged, { recursive: true, force: true });
    }
    lock.release();
  }
}

function mixSentence(source: string, directory: string, simulated: boolean): string {
  return simulated
    ? `${directory} holds answers of simulated sources and ${source} real ones, which must not mix. Nothing was changed. Restore it into another directory: --data DIR.`
    : `${source} holds answers of simulated sources, which a real data directory does not take. Nothing was changed. Restore it into a directory of the demonstration.`;
}
