import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { isInside, realOf, whyNotThere } from '../../../platform/real-path.ts';
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
  for (const { path, mark } of marks) {
    const real = await realOf(path);
    const refusal = await whyNotThere(path, dataDirectory);
    if (refusal !== null) {
      throw new AppError('INVALID_ARGUMENT', refusal);
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
