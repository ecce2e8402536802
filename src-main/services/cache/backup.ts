import { constants, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { ASSAY_VERSION } from '#shared/version.ts';
import { DATABASE_FILE } from '../../db/open.ts';
import type { Database } from '../../db/port.ts';
import { keptFiles } from '../../db/repositories/kept-files.ts';
import { copyAsOfNow } from '../../db/snapshot.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';
import { BACKUP_LINKS, removeAbandoned, workFolder } from './abandoned.ts';
import { describeFile, MANIFEST_FILE, type Manifest, type ManifestFile } from './manifest.ts';

/**
 * Copies database, intakes and known sets as of one moment into `target`, which must not exist. While nobody can write,
 * every packed file that a row of that moment names is hard-linked aside: packed files are immutable, so the links stay
 * what they were however long the copying takes. Whatever is under way at that moment (a list being read, an intake being
 * forgotten) is not part of it. The folder gets its name when it is whole and synced.
 */
export async function backupDirectory(
  database: Database,
  target: string,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
  now: number,
): Promise<{ readonly bytes: number; readonly files: number }> {
  if (existsSync(target)) {
    throw new AppError('CONFLICT', `${target} exists already. Name a folder that does not; nothing was written.`);
  }
  const unfinished = join(dirname(target), `.${basename(target)}.part`);
  removeAbandoned(unfinished);
  const links = workFolder(join(database.directory, BACKUP_LINKS));
  const part = workFolder(unfinished);
  try {
    mkdirSync(links, { recursive: true, mode: 0o700 });
    await mkdir(part, { recursive: true, mode: 0o700 });
    const paths: string[] = [];
    copyAsOfNow(database.file, join(part, DATABASE_FILE), (db) => {
      const kept = keptFiles(db);
      const leaving = kept.intakes.filter((id) => isBeingForgotten(database.directory, id));
      for (const id of kept.intakes) {
        paths.push(...linkFolder(database.directory, links, join(DATA_FOLDERS.intakes, String(id))));
      }
      for (const path of kept.knownSets) {
        paths.push(...linkFile(database.directory, links, path));
      }
      return { withoutIntakes: leaving };
    });
    const { simulated } = await database.read('databaseMeta', undefined);
    const schemaVersion = (await database.read('tableStats', undefined)).schemaVersion;
    const files = await copyAll(links, part, paths, onProgress, signal);
    const manifest: Manifest = {
      product: 'assay',
      format: 1,
      version: ASSAY_VERSION,
      schemaVersion,
      createdAt: now,
      ...(simulated ? { simulated: true } : {}),
      files,
    };
    await writeFile(join(part, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(part, target);
    await syncFolder(dirname(target));
    return { bytes: files.reduce((sum, file) => sum + file.bytes, 0), files: files.length };
  } catch (error) {
    if (signal.aborted) {
      throw new AppError('CANCELLED', `Cancelled. ${target} was not written.`, { cause: error });
    }
    if (error instanceof AppError) {
      throw error;
    }
    throw new AppError(
      'NOT_WRITABLE',
      `The backup ${target} could not be written (${(error as Error).message}). Nothing was left there.`,
      { cause: error },
    );
  } finally {
    rmSync(links, { recursive: true, force: true });
    await rm(part, { recursive: true, force: true });
  }
}

async function copyAll(
  links: string,
  part: string,
  paths: readonly string[],
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ManifestFile[]> {
  const files: ManifestFile[] = [];
  const all = [DATABASE_FILE, ...paths];
  const sizes = all.map((path) => statSync(join(path === DATABASE_FILE ? part : links, path)).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const path of all) {
    signal.throwIfAborted();
    if (path !== DATABASE_FILE) {
      const copy = join(part, path);
      await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
      await copyFile(join(links, path), copy, constants.COPYFILE_FICLONE);
      await syncFile(copy);
    }
    const file = await describeFile(part, path, signal);
    files.push(file);
    done += file.bytes;
    onProgress(done, total);
  }
  return files;
}

/** Its files have left their place already and its row is about to follow. */
function isBeingForgotten(directory: string, id: number): boolean {
  return existsSync(join(directory, DATA_FOLDERS.intakes, `.forgotten-${id}`));
}

function linkFolder(directory: string, links: string, folder: string): string[] {
  const names = existsSync(join(directory, folder)) ? readdirSync(join(directory, folder)) : [];
  return names.flatMap((name) => linkFile(directory, links, join(folder, name)));
}

/** Nothing for a file that is not there: a row without its file is shown as missing, after a restore as before. */
function linkFile(directory: string, links: string, path: string): string[] {
  const from = join(directory, path);
  const to = join(links, path);
  if (!existsSync(from) || path.includes('.part')) {
    return [];
  }
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  try {
    linkSync(from, to);
  } catch {
    // A file system without hard links: copied at once, and writers wait for it.
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
  return [path.replaceAll('\\', '/')];
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename durable; Windows keeps its directories without being asked. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
