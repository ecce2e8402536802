import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { markSuspect } from '../../db/salvage/suspect.ts';
import type { Database } from '../../db/port.ts';
import { PackedReader } from '../../intakes/packed-reader.ts';
import type { PackedHeader } from '../../intakes/packed-layout.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';

/** The full check: database, every packed file's checksums, rows without files and files without rows. */
export async function verifyDirectory(
  database: Database,
  onProgress: (step: string) => void,
): Promise<{ readonly ok: boolean; readonly problems: readonly string[] }> {
  const { directory } = database;
  const problems: string[] = [];
  onProgress('database');
  problems.push(...(await tableProblems(database)));
  const kept = await database.read('keptFiles', undefined).catch(() => null);
  if (kept !== null) {
    for (const id of kept.intakes) {
      onProgress(`intake ${id}`);
      problems.push(...intakeProblems(directory, id));
      await setImmediate();
    }
    for (const path of kept.knownSets) {
      onProgress(path);
      problems.push(...packedProblems(join(directory, path), 'known-set', path));
      await setImmediate();
    }
    problems.push(
      ...strangers(directory, DATA_FOLDERS.intakes, new Set([...kept.intakes, ...kept.otherIntakes].map(String))),
    );
    problems.push(
      ...strangers(
        directory,
        DATA_FOLDERS.knownSets,
        new Set(kept.knownSets.map((path) => path.split(/[\\/]/).at(-1) ?? '')),
      ),
    );
  }
  return { ok: problems.length === 0, problems };
}

async function tableProblems(database: Database): Promise<readonly string[]> {
  try {
    const problems = await database.read('verifyTables', undefined);
    if (problems.length > 0) {
      markSuspect(database.file);
    }
    return problems;
  } catch (error) {
    if (error instanceof AppError && error.code === 'DB_DAMAGED') {
      return [error.message];
    }
    throw error;
  }
}

function intakeProblems(directory: string, id: number): string[] {
  const folder = join(DATA_FOLDERS.intakes, String(id));
  if (!existsSync(join(directory, folder))) {
    return [`intake ${id} is listed, but its folder ${folder} is missing`];
  }
  return [
    ...packedProblems(join(directory, folder, 'intake.acol'), 'intake', join(folder, 'intake.acol')),
    ...readdirSync(join(directory, folder))
      .filter((name) => name.endsWith('.acol') && name !== 'intake.acol')
      .flatMap((name) => packedProblems(join(directory, folder, name), 'verdicts', join(folder, name))),
  ];
}

function packedProblems(path: string, kind: PackedHeader['kind'], shown: string): string[] {
  if (!existsSync(path)) {
    return [`${shown} is missing`];
  }
  try {
    const reader = new PackedReader(path, kind);
    try {
      reader.verify();
    } finally {
      reader.close();
    }
    return [];
  } catch (error) {
    return [`${shown}: ${(error as Error).message}`];
  }
}

/** What lies in a folder and no row names. Names that begin with a dot are work under way. */
function strangers(directory: string, folder: string, known: ReadonlySet<string>): string[] {
  const path = join(directory, folder);
  return (existsSync(path) ? readdirSync(path) : [])
    .filter((name) => !name.startsWith('.') && !known.has(name))
    .map((name) => `${join(folder, name)} belongs to nothing that is listed`);
}
