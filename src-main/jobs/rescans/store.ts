import type { Database } from '../../db/port.ts';
import type { RescanStore } from './port.ts';

/** Items and queue of a database. Writes give way to people. */
export function rescanStoreOf(database: Pick<Database, 'read' | 'write'>): RescanStore {
  return {
    dueItems: (args) => database.read('dueItems', args),
    feed: (args) => database.write('feedRescans', args, 'bulk'),
    groups: () => database.read('fedGroups', {}),
    drop: async (source, purpose, at) =>
      void (await database.write('cancelQueue', { source, purpose, intakeId: 0, at }, 'bulk')),
  };
}
