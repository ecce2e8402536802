import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../db/port.ts';
import { PackedReader } from '../../intakes/packed-reader.ts';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';
import { WorkFolder } from './work-folder.ts';
import { isRunning } from '../../platform/process-mark.ts';

/**
 * Brings rows and files into agreement after whatever happened before: rows of imports whose process died go, with what
 * they wrote; the file of an edition that was replaced goes; a file that no row explains moves to `quarantine/`.
 */
export async function recoverKnownSets(database: Database): Promise<void> {
  const root = join(database.directory, DATA_FOLDERS.knownSets);
  if (!existsSync(root)) {
    return;
  }
  // Files before rows: whoever imports makes the row first, so every file seen here has had its row.
  WorkFolder.removeStale(root, Date.now());
  const names = readdirSync(root);
  for (const row of await database.read('knownSets', {})) {
    if (row.state === 'importing' && !isRunning(row.process)) {
      await database.write('removeKnownSet', { id: row.id });
      rmSync(join(database.directory, row.path), { force: true });
    }
  }
  const rows = await database.read('knownSets', {});
  const inForce = new Set(rows.filter((row) => row.state === 'ready').map((row) => row.name));
  for (const name of names) {
    const match = /^(?<id>\d{1,15})\.acol(?<temporary>\..+\.tmp)?$/.exec(name);
    const path = join(root, name);
    if (match === null || rows.some((row) => row.id === Number(match.groups?.['id']))) {
      continue;
    }
    const set = match.groups?.['temporary'] === undefined ? setName(path) : '';
    if (set === '' || (set !== null && inForce.has(set))) {
      rmSync(path, { force: true });
    } else if (existsSync(path)) {
      const folder = join(database.directory, 'quarantine');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      renameSync(path, join(folder, `known-set-${name}`));
    }
  }
}

/** The name of the set a file was made for, or null when it cannot be told. */
function setName(path: string): string | null {
  try {
    const reader = new PackedReader(path, 'known-set');
    try {
      const { name } = reader.header.meta;
      return typeof name === 'string' && name !== '' ? name : null;
    } finally {
      reader.close();
    }
  } catch {
    // Not readable: whatever it is, it is kept aside.
    return null;
  }
}
