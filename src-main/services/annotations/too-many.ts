import { MOST_ANNOTATED } from '#shared/contract/annotations.ts';
import { grouped } from '#shared/domain/grouped.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Says how many files are too many to be written on in one step. */
export function tooMany(files: number): AppError {
  return new AppError(
    'INVALID_ARGUMENT',
    `${grouped(files)} rows are too many for one step: at most ${grouped(MOST_ANNOTATED)} can be written on at once. Choose fewer.`,
  );
}
