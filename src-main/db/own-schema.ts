import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import { migrate } from './migrate.ts';

/**
 * Refuses a database of the present schema that holds a table, index, view or trigger Assay does not make, or one of its
 * own made otherwise: such a trigger would act on every write from then on, and could lift an embargo unseen.
 *
 * @throws AppError UNREADABLE
 */
export function requireOwnSchema(db: ReadableDb): void {
  const own = ownSchema();
  for (const [name, sql] of schemaOf(db)) {
    if (own.get(name) !== sql) {
      throw new AppError(
        'UNREADABLE',
        `The database in the backup holds “${name}”, which Assay does not make, or not in that way. Nothing was changed. Use another backup.`,
      );
    }
  }
}

function ownSchema(): ReadonlyMap<string, string> {
  const db = new BetterSqlite3(':memory:') as WritableDb;
  try {
    migrate(db, { keepCopy: false });
    return schemaOf(db);
  } finally {
    db.close();
  }
}

/** The statement that makes each thing, by name. What SQLite keeps for itself has no say in what statements do. */
function schemaOf(db: ReadableDb): ReadonlyMap<string, string> {
  const rows = db
    .prepare<[], { readonly name: string; readonly sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all();
  return new Map(rows.map(({ name, sql }) => [name, sql]));
}
