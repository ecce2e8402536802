import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A document to begin with. */
export interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
}

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const FOLDERS = ['lists', 'archives/zip', 'archives/seven-zip', 'workbooks', 'documents'];
/** What makes the fixtures, and no input itself. */
const MAKERS = ['.py', '.sh', '.ts'];

/** Every fixture, in an order that does not depend on the machine. */
export function corpus(): readonly Seed[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(FIXTURES, folder))
      .filter((name) => !MAKERS.some((ending) => name.endsWith(ending)))
      .toSorted()
      .map((name) => ({ name: `${folder}/${name}`, bytes: readFileSync(join(FIXTURES, folder, name)) })),
  );
}
