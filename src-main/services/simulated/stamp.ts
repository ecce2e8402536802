import { AppError } from '#shared/errors/app-error.ts';
import type { Database } from '../../db/port.ts';

/**
 * Whether the directory is one for simulated sources; with `wanted` it is stamped as one first. SIMULATED_MIX when it
 * holds something already: made-up answers must not stand beside a team's own lists and items.
 */
export async function isSimulated(database: Database, wanted: boolean): Promise<boolean> {
  if (wanted && !(await database.write('stampSimulated', undefined))) {
    throw new AppError(
      'SIMULATED_MIX',
      `${database.directory} holds data of its own and is not used with simulated sources. Name a new folder: --data DIR.`,
    );
  }
  return (await database.read('databaseMeta', undefined)).simulated;
}
