import type BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import { type PlainTable, plainTable, quoted } from './open-foreign.ts';

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
  /** Whether a statement could drop an index that keeps rows apart. */
  readonly hasDroppable: boolean;
  /** The column that is the row number by another name, if any. */
  readonly rowNumber: string | null;
}

/** Tables that a set is made of. */
const NAMES = ['FILE', 'PKG', 'OS', 'MFG', 'VERSION'] as const;
const PLAIN_TYPE = /^[A-Z][A-Z ]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?$/i;
/** Types after which SQLite compares texts with numbers as they are spelled, which a delta read as data cannot follow. */
const TYPELESS = /BLOB/i;
/** Defaults that need no working out. The time of day is not read by anybody, but a row may leave it out. */
const PLAIN_DEFAULT = /^(?:NULL|[-+]?\d+(?:\.\d+)?|'(?:[^']|'')*'|CURRENT_(?:TIMESTAMP|DATE|TIME))$/i;
/** Words of a table by which rows are refused, compared or numbered in another way than published ones. */
const UNLIKE = /\b(?:CHECK|COLLATE|CONFLICT|AUTOINCREMENT|STRICT)\b/i;
const ROW_NUMBERS = ['rowid', '_rowid_', 'oid'];

/** Why a base is of no use for deltas. */
export class BaseUnfit extends Error {}

/**
 * Makes the base's tables in an empty database, without rows: they accept the same rows and refuse the same ones. Throws
 * BaseUnfit where one is stored in another way than published, so that this cannot be promised.
 */
export function makeTables(base: ReadableDb, db: BetterSqlite3.Database): ReadonlyMap<string, OverlayTable> {
  refuseTriggers(base);
  const tables = new Map<string, OverlayTable>();
  for (const name of NAMES) {
    const found = plainTable(base, name);
    if (found === null) {
      continue;
    }
    refuseUnlike(base, name, found);
    const rowNumber = rowNumberOf(base, found.name);
    const unique = keysOf(base, found.name);
    const keys = rowNumber === null ? unique : [...unique, [rowNumber]];
    const hasDroppable = hasMadeIndex(base, found.name);
    const table = { name, baseName: found.name, columns: found.columns, keys, hasDroppable, rowNumber };
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
  readonly isNeeded: number;
  readonly otherwise: string | null;
}

function storedIn(base: ReadableDb, table: string): readonly Stored[] {
  const sql = 'SELECT name, type, pk, "notnull" AS isNeeded, dflt_value AS otherwise FROM pragma_table_xinfo(?)';
  return base.prepare<[string], Stored>(sql).all(table);
}

/** Triggers change more than a statement says. */
function refuseTriggers(base: ReadableDb): void {
  const trigger = base.prepare<[], string>("SELECT name FROM main.sqlite_master WHERE type = 'trigger'").pluck().get();
  if (trigger !== undefined) {
    throw new BaseUnfit(`it has a trigger (${trigger})`);
  }
}

function refuseUnlike(base: ReadableDb, name: string, { name: baseName, columns, isWithoutRowid }: PlainTable): void {
  if (isWithoutRowid) {
    throw new BaseUnfit(`its ${name} has no row numbers`);
  }
  const sql = base.prepare<[string], string>("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?");
  const word = UNLIKE.exec(sql.pluck().get(baseName) ?? '')?.[0];
  if (word !== undefined) {
    throw new BaseUnfit(`its ${name} is made with ${word.toUpperCase()}`);
  }
  const strange = columns.find((column) => ROW_NUMBERS.includes(column));
  if (strange !== undefined) {
    throw new BaseUnfit(`its ${name} has a column ${strange}`);
  }
  if (storedIn(base, baseName).length !== columns.length) {
    throw new BaseUnfit(`columns of its ${name} are worked out from others`);
  }
  const unlike = base
    .prepare<[string], string>(
      `SELECT i.name FROM pragma_index_list(?) i WHERE i."unique" = 1 AND (i.partial = 1 OR EXISTS (
        SELECT 1 FROM pragma_index_xinfo(i.name) WHERE "key" = 1 AND (cid < 0 OR coll <> 'BINARY')))`,
    )
    .pluck()
    .get(baseName);
  if (unlike !== undefined) {
    throw new BaseUnfit(`rows of its ${name} are unique in another way than by their columns (${unlike})`);
  }
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
      const {
        type = '',
        isNeeded = 0,
        otherwise = null,
      } = stored.find((one) => one.name.toLowerCase() === column) ?? {};
      if (!PLAIN_TYPE.test(type) || TYPELESS.test(type)) {
        throw new BaseUnfit(`column ${column} of its ${name} is of no type that is published`);
      }
      if (otherwise !== null && !PLAIN_DEFAULT.test(otherwise)) {
        throw new BaseUnfit(`column ${column} of its ${name} has a default that is worked out`);
      }
      const rest = `${isNeeded === 1 ? ' NOT NULL' : ''}${otherwise === null ? '' : ` DEFAULT ${otherwise}`}`;
      return column === rowNumber ? `${quoted(column)} INTEGER PRIMARY KEY` : `${quoted(column)} ${type}${rest}`;
    })
    .join();
}

/** Indexes that were created by a statement of their own; those of a table's own keys stay. */
function hasMadeIndex(base: ReadableDb, table: string): boolean {
  const sql = `SELECT 1 FROM pragma_index_list(?) WHERE "unique" = 1 AND origin = 'c'`;
  return base.prepare<[string], number>(sql).pluck().get(table) !== undefined;
}

function keysOf(base: ReadableDb, table: string): readonly (readonly string[])[] {
  const unique = base
    .prepare<[string], string>('SELECT name FROM pragma_index_list(?) WHERE "unique" = 1')
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
