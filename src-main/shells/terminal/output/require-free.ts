import { lstat, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { SIDECAR_ENDING } from '../../../destinations/report/sidecar.ts';

/** Options of a command that say where it writes, and whether it may replace what is there. */
export interface OutOptions {
  readonly out?: string;
  readonly report?: string;
  readonly force?: boolean;
}

/**
 * Refuses to write where something is already, unless it was said that it is to be replaced: before anything is read, so that
 * nobody waits for a refusal. A manifest without its table counts as well: another table beside it would look changed.
 *
 * @throws AppError CONFLICT where something is, NOT_WRITABLE where that is no file, INVALID_ARGUMENT where one would replace the
 *   other
 */
export async function requireFree(folder: string, { out, report, force }: OutOptions): Promise<void> {
  const wanted = [out, report].filter((name): name is string => name !== undefined && name !== '-');
  requireApart(wanted.map((name) => resolve(folder, name)));
  for (const name of wanted) {
    const path = resolve(folder, name);
    for (const one of [path, `${path}${SIDECAR_ENDING}`]) {
      const what = await kindOf(one);
      if (what === 'other') {
        throw new AppError('NOT_WRITABLE', `${one} could not be written (it is no file). Name a file.`);
      }
      if (what === 'file' && force !== true) {
        throw new AppError('CONFLICT', `${one} is there already. Choose another name, or add --force to replace it.`);
      }
    }
  }
}

/** Two files of one command, each with a manifest that may lie beside it. */
function requireApart(paths: readonly string[]): void {
  const taken = new Set<string>();
  for (const path of paths) {
    const both = [path, `${path}${SIDECAR_ENDING}`];
    const twice = both.find((one) => taken.has(one));
    if (twice !== undefined) {
      throw new AppError('INVALID_ARGUMENT', `--out and --report would both write ${twice}. Name two files.`);
    }
    both.forEach((one) => taken.add(one));
  }
}

/** A link counts as what it leads to, and as a file where that is gone: it would be replaced. */
async function kindOf(path: string): Promise<'nothing' | 'file' | 'other'> {
  const found = await stat(path).catch(() => lstat(path).catch(() => null));
  if (found === null) {
    return 'nothing';
  }
  return found.isFile() || found.isSymbolicLink() ? 'file' : 'other';
}
