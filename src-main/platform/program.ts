import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from './resources.ts';

/** The program's version, and the name it leaves in what it writes. */
export function programName(): { readonly version: string; readonly readBy: string } {
  const manifest = JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8')) as { version: string };
  return { version: manifest.version, readBy: `Assay ${manifest.version}` };
}
