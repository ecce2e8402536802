import { lstat, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { olderSentence, restoreOlder } from '../../../destinations/older-files.ts';
import { SIDECAR_ENDING } from '../../../destinations/report/sidecar.ts';
import { requireApart, type ReadPlaces } from './require-apart.ts';

/** Options of a command that say where it writes, and whether it may replace what is there. */
export interface OutOptions {
  readonly out?: string;
  readonly report?: string;
  readonly force?: boolean;
}

/**
 * Refuses to write where something is already, unless it was said that it is to be replaced: before anything is read, so that
 * nobody waits for a refusal. A manifest without its table counts as well: another table beside it would look changed. What
 * an earlier write left aside when it was cut off gets its name again. Resolves to what is to be said of such files.
 *
 * @throws AppError CONFLICT where something is, NOT_WRITABLE where that is no file, INVALID_ARGUMENT where it would replace
 *   another output, an input or data of Assay
 */
export async function requireFree(
  folder: string,
  { out, report, force }: OutOptions,
  places: ReadPlaces,
): Promise<readonly string[]> {
  const wanted = [out, report].filter((name): name is string => name !== undefined && name !== '-');
  const paths = wanted.map((name) => resolve(folder, name));
  await requireApart(folder, paths, places);
  const said: string[] = [];
  for (const path of paths) {
    const isRestored = await restoreOlder(path);
    const older = isRestored
      ? `What an earlier write of ${path} left aside has its name again.`
      : await olderSentence(path);
    for (const one of [path, `${path}${SIDECAR_ENDING}`]) {
      const what = await kindOf(one);
      if (what === 'other') {
        throw new AppError('NOT_WRITABLE', `${one} could not be written (it is no file). Name a file.`);
      }
      if (what === 'file' && force !== true) {
        const also = older === null ? '' : ` ${older}`;
        throw new AppError(
          'CONFLICT',
          `${one} is there already.${also} Choose another name, or add --force to replace it.`,
        );
      }
    }
    said.push(...(older === null || isRestored ? [] : [older]));
  }
  return said;
}

/** A link counts as what it leads to, and as a file where that is gone: it would be replaced. */
async function kindOf(path: string): Promise<'nothing' | 'file' | 'other'> {
  const found = await stat(path).catch(() => lstat(path).catch(() => null));
  if (found === null) {
    return 'nothing';
  }
  return found.isFile() || found.isSymbolicLink() ? 'file' : 'other';
}
