import { join } from 'node:path';

/** Folder of all intakes inside a data directory. */
export function intakesFolder(directory: string): string {
  return join(directory, 'intakes');
}

/** Where the files of one intake lie, and the names they have on the way in and out. */
export function intakePlace(
  directory: string,
  id: number,
): {
  readonly folder: string;
  readonly reading: string;
  readonly forgotten: string;
  readonly file: string;
  readonly triaged: string;
  readonly now: string;
} {
  const folder = join(intakesFolder(directory), String(id));
  return {
    folder,
    reading: join(intakesFolder(directory), `.reading-${id}`),
    forgotten: join(intakesFolder(directory), `.forgotten-${id}`),
    file: join(folder, INTAKE_FILE),
    triaged: join(folder, 'triaged.acol'),
    now: join(folder, 'now.acol'),
  };
}

export const INTAKE_FILE = 'intake.acol';

/** Where whatever belongs to no intake is kept aside; nothing there is read again. */
export function quarantineFolder(directory: string): string {
  return join(directory, 'quarantine');
}
