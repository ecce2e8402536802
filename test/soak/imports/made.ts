import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackedReader } from '#main/intakes/packed-reader.ts';
import { changeRds, digestOf, fileRow, makeRds } from '../../db/rds-database.ts';

const CHUNK = 50_000;

/** Files that imports are made of: a small list, a database of so many rows, and a delta that changes a tenth of them. */
export interface Sources {
  readonly list: string;
  readonly database: string;
  readonly delta: string;
}

/** Makes the files in a folder. */
export function makeSources(folder: string, rows: number): Sources {
  const list = join(folder, 'list.txt');
  writeFileSync(list, Array.from({ length: 1000 }, (_, n) => `${digestOf('sha256', -n - 1)}\n`).join(''));
  const database = makeRds(join(folder, 'rds.db'), []);
  for (let from = 0; from < rows; from += CHUNK) {
    const some = Array.from({ length: Math.min(CHUNK, rows - from) }, (_, n) => fileRow(from + n, 501 + (n % 4)));
    changeRds(database, `INSERT INTO FILE VALUES ${some.join()}`);
  }
  const delta = join(folder, 'delta.sql');
  const changes = Array.from({ length: Math.floor(rows / 10) }, (_, n) =>
    n % 2 === 0
      ? `DELETE FROM FILE WHERE sha256='${digestOf('sha256', n * 3).toUpperCase()}';`
      : `INSERT INTO FILE VALUES${fileRow(rows + n, 502)};`,
  );
  writeFileSync(delta, ['BEGIN;', ...changes, 'COMMIT;'].join('\n'));
  return { list, database, delta };
}

/** Everything that a look-up reads of a set, in one digest. Throws where the file is damaged. */
export function contentOf(path: string): string {
  const reader = new PackedReader(path, 'known-set');
  try {
    reader.verify();
    const hash = createHash('sha256');
    for (const { name, type } of reader.header.sections) {
      hash.update(name).update(new Uint8Array(reader.section(name, type).buffer));
    }
    return hash.digest('hex');
  } finally {
    reader.close();
  }
}
