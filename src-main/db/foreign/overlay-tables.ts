import type BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import { plainTable, quoted } from './open-foreign.ts';

/** A table of the base as the overlay makes it again. */
export interface OverlayTable {
  /** In capitals. */
  readonly name: string;
  /** As the base spells it. */
  readonly baseName: string;
  /** Stored ones, in lower case. */
  readonly columns: readonly string[];
  /** Columns whose values together name one row. */
  readonly keys: readonly (readonly string[])[];
  /** The column that is the row number by another name, if any. */
  readonly rowNumber: string | null;
}

/** Tables that a set is made of. */
const NAMES = ['FILE', 'PKG', 'OS', 'MFG', 'VERSION'] as const;
const PLAIN_TYPE = /^[A-Z][A-Z ]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?$/i;
/** Types after which SQLite compares texts with numbers as they are spelled, which a delta read as data cannot follow. */
const TYPELESS = /BLOB/i;

/** Why a base is of no use for deltas. */
export class BaseUnfit extends Error {}

/** Makes the base's tables in an empty database, without rows. Throws BaseUnfit where one is stored in another way than published. */
export function makeTables(base: ReadableDb, db: BetterSqlite3.Database): ReadonlyMap<string, OverlayTable> {
  const tables = new Map<string, OverlayTable>();
  for (const name of NAMES) {
    const found = plainTable(base, name);
    if (found === null) {
      continue;
    }
    if (found.isWithoutRowid) {
      throw new BaseUnfit(`its ${name} has no row numbers`);
    }
    const rowNumber = rowNumberOf(base, found.name);
    const unique = keysOf(base, found.name).filter((key) => key.every((column) => found.columns.includes(column)));
    const keys = rowNumber === null ? unique : [...unique, [rowNumber]];
    const table = { name, baseName: found.name, columns: found.columns, keys, rowNumber };
    db.exec(`CREATE TABLE ${name} (${columnsSql(base, table)})`);
    keys.forEach((key, place) =>
      db.exec(`CREATE UNIQUE INDEX ${name}_${place} ON ${name} (${key.map(quoted).join()})`),
    );
    tables.set(name, table);
  }
  if (!tables.has('FILE')) {
    throw new BaseUnfit('it has no table FILE');
  }
  return tables;
}

interface Stored {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
}

function storedIn(base: ReadableDb, table: string): readonly Stored[] {
  return base.prepare<[string], Stored>('SELECT name, type, pk FROM pragma_table_xinfo(?)').all(table);
}

/** A primary key of one column of type INTEGER (https://www.sqlite.org/lang_createtable.html#rowid). */
function rowNumberOf(base: ReadableDb, table: string): string | null {
  const [only, ...others] = storedIn(base, table).filter(({ pk }) => pk > 0);
  const isNumber = only !== undefined && others.length === 0 && only.type.toUpperCase() === 'INTEGER';
  // `INTEGER PRIMARY KEY DESC` is an ordinary column with an index of its own.
  const hasIndex = keysOf(base, table).some((key) => key.join() === only?.name.toLowerCase());
  return isNumber && !hasIndex ? only.name.toLowerCase() : null;
}

function columnsSql(base: ReadableDb, { name, baseName, columns, rowNumber }: OverlayTable): string {
  const stored = storedIn(base, baseName);
  return columns
    .map((column) => {
      const type = stored.find((one) => one.name.toLowerCase() === column)?.type ?? '';
      if (!PLAIN_TYPE.test(type) || TYPELESS.test(type)) {
        throw new BaseUnfit(`column ${column} of its ${name} is of no type that is published`);
      }
      return column === rowNumber ? `${quoted(column)} INTEGER PRIMARY KEY` : `${quoted(column)} ${type}`;
    })
    .join();
}

function keysOf(base: ReadableDb, table: string): readonly (readonly string[])[] {
  const unique = base
    .prepare<[string], string>('SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND partial = 0')
    .pluck()
    .all(table);
  return unique.map((index) =>
    base
      .prepare<[string], string | null>('SELECT name FROM pragma_index_info(?) ORDER BY seqno')
      .pluck()
      .all(index)
      .map((column) => (column ?? '').toLowerCase()),
  );
}
