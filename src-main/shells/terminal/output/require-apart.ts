import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { SIDECAR_ENDING } from '../../../destinations/report/sidecar.ts';

/** What a command reads, and where its data directory lies. */
export interface ReadPlaces {
  /** Files and folders of the command line, as they were typed. */
  readonly inputs: readonly string[];
  readonly dataDirectory: string;
}

/**
 * Refuses outputs that would take the place of each other, of something that is read, or of Assay's own data: also where it
 * goes by another name, by a link or by other letters. `outputs` are absolute.
 *
 * @throws AppError INVALID_ARGUMENT
 */
export async function requireApart(
  folder: string,
  outputs: readonly string[],
  { inputs, dataDirectory }: ReadPlaces,
): Promise<void> {
  const both = outputs.flatMap((path, of) => [path, `${path}${SIDECAR_ENDING}`].map((one) => ({ path: one, of })));
  const marks = await Promise.all(both.map(async (one) => ({ ...one, mark: await markOf(one.path) })));
  for (const [at, { path, of, mark }] of marks.entries()) {
    const isTwice = (other: (typeof marks)[number]): boolean =>
      other.of !== of && (other.path === path || (mark !== null && mark === other.mark));
    if (marks.slice(0, at).some(isTwice)) {
      throw new AppError('INVALID_ARGUMENT', `--out and --report would both write ${path}. Name two files.`);
    }
  }
  const data = await realOf(dataDirectory);
  for (const { path, mark } of marks) {
    const real = await realOf(path);
    if (isInside(data, real)) {
      throw new AppError(
        'INVALID_ARGUMENT',
        `${path} lies in the data directory, where only Assay's own files belong. Name another place.`,
      );
    }
    for (const input of inputs) {
      const read = resolve(folder, input);
      if (mark !== null && (mark === (await markOf(read)) || isInside(await realOf(read), real))) {
        throw new AppError(
          'INVALID_ARGUMENT',
          `${path} is read by this command (${input}) and would be replaced. Name another file to write.`,
        );
      }
    }
  }
}

/** What tells two names of one file from two files; null where there is none. */
async function markOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev}:${found.ino}`;
}

/** Where a path leads; a file that is not there yet is where its folder leads. */
async function realOf(path: string): Promise<string> {
  return realpath(path).catch(async () => {
    const parent = dirname(path);
    return parent === path ? path : join(await realOf(parent), basename(path));
  });
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
