import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program's own folder: where package.json and resources/ lie, from sources and from the bundle alike. */
export function programFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 6; up += 1) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'resources'))) {
      return folder;
    }
    folder = dirname(folder);
  }
  throw new Error('the program folder with package.json and resources/ was not found');
}

/** The lists that come with Assay. */
export function samplesFolder(): string {
  return join(programFolder(), 'resources', 'samples');
}
