import BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import { BaseRows, LOOK_ROWS, spelled, type Stored } from './base-rows.ts';
import type { Change } from './delta-change.ts';
import type { Value } from './delta-tokens.ts';
import { MOST_ROWS } from './nsrl-rdsv3.ts';
import { foreignFault, openForeign, quoted } from './open-foreign.ts';
import { makeTables, type OverlayTable } from './overlay-tables.ts';
import { PreparedStatements } from './prepared-statements.ts';
import type { DeltaOther, DeltaRow } from './rds-delta.ts';

/** A statement that cannot be applied, and why. */
export class CannotApply extends Error {
  readonly line: number;
  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

const CACHE_KIB = 32 * 1024;

/**
 * What a delta makes of an RDSv3 database, kept beside it: the base is only read. The overlay is a database with the rows of
 * FILE that were added or changed, all of the small tables, and the numbers of the rows of FILE that are gone. Rows of base
 * and overlay together obey the keys of the base: a statement that SQLite would refuse is refused. Statements are rebuilt
 * from what was understood of them; none of their text is run.
 */
export class RdsOverlay {
  /** UPDATE and DELETE statements, and those of them that found a row. */
  changes = 0;
  found = 0;
  rows = 0;
  readonly #base: ReadableDb;
  readonly #db: BetterSqlite3.Database;
  readonly #own: PreparedStatements;
  readonly #tables: ReadonlyMap<string, OverlayTable>;
  readonly #file: OverlayTable;
  /** The row number first, then every column of a key of FILE. */
  readonly #keyColumns: readonly string[];
  readonly #baseRows: BaseRows;
  readonly #look: () => void;

  /** Makes an overlay at `path`, which must not be there. `look` is called now and then and may throw. */
  constructor(basePath: string, path: string, look: () => void) {
    this.#look = look;
    this.#base = openForeign(basePath);
    this.#db = new BetterSqlite3(path);
    this.#own = new PreparedStatements(this.#db);
    try {
      this.#db.pragma('synchronous = OFF');
      this.#db.pragma(`cache_size = -${CACHE_KIB}`);
      this.#tables = makeTables(this.#base, this.#db);
      const file = this.#tables.get('FILE');
      if (file === undefined) {
        throw new TypeError('tables without FILE');
      }
      this.#file = file;
      this.#keyColumns = ['rowid', ...new Set(file.keys.flat())];
      this.#baseRows = new BaseRows(this.#base, this.#db, file, look);
      this.#db.exec('BEGIN');
      this.#copySmall();
    } catch (error) {
      this.close();
      throw this.#fault(error, 0);
    }
  }

  /** Applies a statement. Throws CannotApply where that cannot be done exactly. */
  take(statement: DeltaRow | DeltaOther): void {
    try {
      if (statement.kind === 'row') {
        this.#insert(statement);
      } else {
        this.#change(statement);
      }
    } catch (error) {
      throw this.#fault(error, statement.line);
    }
  }

  /** Makes what was applied the content of the file. */
  finish(): void {
    this.#db.exec('COMMIT');
    this.#db.pragma('synchronous = FULL');
  }

  close(): void {
    this.#base.close();
    this.#db.close();
  }

  /** A full disk stays what it is; what is left is damage of the base. */
  #fault(error: unknown, line: number): unknown {
    if (!(error instanceof BetterSqlite3.SqliteError) || error.code === 'SQLITE_FULL') {
      return error;
    }
    // The plain error is that of a statement too long to be prepared.
    const isRow = /^SQLITE_(?:CONSTRAINT|MISMATCH|ERROR$)/.test(error.code);
    return isRow && line > 0 ? new CannotApply(line, error.message) : foreignFault(this.#base.name, error);
  }

  #copySmall(): void {
    const from = new PreparedStatements(this.#base);
    for (const table of this.#tables.values()) {
      if (table.name !== 'FILE') {
        const columns = ['rowid', ...table.columns].map(spelled).join();
        const into = this.#own.of(insertSql('', table.name, ['rowid', ...table.columns]));
        let copied = 0;
        for (const row of from.of(`SELECT ${columns} FROM ${quoted(table.baseName)}`).iterate() as Iterable<Stored[]>) {
          into.run(...row);
          copied += 1;
          if (copied % LOOK_ROWS === 0) {
            this.#look();
          }
        }
      }
    }
  }

  #insert({ table: name, columns, values, conflict, line }: DeltaRow): void {
    const table = this.#table(name, line, 'INSERT');
    if (table === null) {
      return;
    }
    const named = (columns ?? table.columns).map((column) => (column === '_rowid_' ? 'rowid' : column));
    if (named.length !== values.length || !named.every((column) => isOf(table, column))) {
      throw new CannotApply(line, `its row does not fit ${name} of the base`);
    }
    if (conflict === 'other') {
      throw new CannotApply(line, 'what it does with rows that are there already is not understood');
    }
    this.rows += 1;
    const how = conflict === 'abort' ? '' : ` OR ${conflict.toUpperCase()}`;
    if (table !== this.#file) {
      this.#own.of(insertSql(how, name, named)).run(...values);
      return;
    }
    const numbered = this.#numbered(named, values, line);
    const sql = `${insertSql(how, name, numbered.columns)} RETURNING ${this.#keyColumns.map(spelled).join()}`;
    const row = this.#own.of(sql).get(...numbered.values) as [bigint, ...Stored[]] | undefined;
    if (row !== undefined) {
      this.#settle(row, conflict, line);
    }
  }

  /** A row that says no number gets the one after the last, of base and overlay alike. */
  #numbered(
    columns: readonly string[],
    values: readonly Value[],
    line: number,
  ): { readonly columns: readonly string[]; readonly values: readonly (Value | bigint)[] } {
    const isNumber = (column: string): boolean => column === 'rowid' || column === this.#file.rowNumber;
    const at = columns.findIndex(isNumber);
    if (at !== columns.findLastIndex(isNumber)) {
      throw new CannotApply(line, 'it numbers its row twice');
    }
    if (at !== -1 && values[at] !== null) {
      return { columns, values };
    }
    const [own] = this.#own.of('SELECT max(rowid) FROM FILE').get() as [bigint | null];
    const base = this.#baseRows.highest();
    const next = (own !== null && own > base ? own : base) + 1n;
    return at === -1
      ? { columns: ['rowid', ...columns], values: [next, ...values] }
      : { columns, values: values.map((value, place) => (place === at ? next : value)) };
  }

  /** Settles a row just inserted with those of the base that have a key of it. */
  #settle(row: readonly [bigint, ...Stored[]], conflict: 'abort' | 'ignore' | 'replace', line: number): void {
    for (const held of this.#sameInBase(row, line)) {
      if (conflict === 'ignore') {
        this.#own.of('DELETE FROM FILE WHERE rowid = ?').run(row[0]);
        return;
      }
      if (conflict === 'abort') {
        throw new CannotApply(line, 'it inserts a row of FILE that the base holds already');
      }
      this.#baseRows.remove(held);
    }
  }

  /** Rows of the base that have a key of a row of the overlay, given by `#keyColumns`. */
  *#sameInBase(row: readonly [bigint, ...Stored[]], line: number): Generator<bigint> {
    if (row[0] < 1n || row[0] > MOST_ROWS) {
      throw new CannotApply(line, `no row of a published database is numbered ${row[0]}`);
    }
    for (const key of [...this.#file.keys, ['rowid']]) {
      const values = key.map((column) => row[this.#keyColumns.indexOf(column)] ?? null);
      const held = this.#baseRows.withKey(key, values);
      if (held !== null) {
        yield held;
      }
    }
  }

  #change({ table: name, change, verb, line }: DeltaOther): void {
    if (name === '') {
      return;
    }
    if (verb === 'DROP' && name === 'INDEX' && [...this.#tables.values()].some((one) => one.hasDroppable)) {
      throw new CannotApply(line, 'it may drop an index that keeps rows apart');
    }
    const table = this.#table(name, line, verb);
    if (table === null) {
      return;
    }
    if (change === null) {
      throw new CannotApply(line, `${verb} ${name} in this form is not understood`);
    }
    const columns = [
      ...change.where.columns,
      ...(change.kind === 'update' ? change.set.map(({ column }) => column) : []),
    ];
    const strange = columns.find((column) => !isOf(table, column));
    const isRenumbered = change.kind === 'update' && change.set.some(({ column }) => column === 'rowid');
    if (strange !== undefined || isRenumbered) {
      throw new CannotApply(line, isRenumbered ? 'it changes row numbers' : `${name} of the base has no ${strange}`);
    }
    this.changes += 1;
    const before = table === this.#file ? this.#takeFromBase(change) : 0;
    const isKeyed = table === this.#file && isOfKey(change, this.#keyColumns);
    const after = isKeyed
      ? this.#changeKeys(change, line)
      : this.#own.of(changeSql(name, change)).run(...changeValues(change)).changes;
    this.found += before + after > 0 ? 1 : 0;
  }

  /** Changes rows of the overlay that may become equal to some of the base. Returns how many. */
  #changeKeys(change: Change, line: number): number {
    const sql = `${changeSql('FILE', change)} RETURNING ${this.#keyColumns.map(spelled).join()}`;
    let changed = 0;
    for (const row of this.#own.of(sql).iterate(...changeValues(change)) as Iterable<[bigint, ...Stored[]]>) {
      changed += 1;
      if (changed % LOOK_ROWS === 0) {
        this.#look();
      }
      // Values of a statement are the same for all rows: what is equal when it ends was so when SQLite came to it.
      for (const held of this.#sameInBase(row, line)) {
        throw new CannotApply(line, `it makes a row of FILE equal to row ${held}, which the base holds already`);
      }
    }
    return changed;
  }

  /** Makes rows of the base go; those to be changed are copied before. Returns how many. */
  #takeFromBase(change: Change): number {
    const columns = change.kind === 'update' ? this.#file.columns : [];
    const copy = this.#own.of(insertSql('', 'FILE', ['rowid', ...this.#file.columns]));
    let taken = 0;
    for (const row of this.#baseRows.meeting(change.where, columns)) {
      this.#baseRows.remove(row[0]);
      taken += 1;
      if (change.kind === 'update') {
        copy.run(...row);
      }
    }
    return taken;
  }

  /** The table a statement is about; null for one that no set is made of, which importing the newer edition would not read either. */
  #table(name: string, line: number, verb: string): OverlayTable | null {
    const table = this.#tables.get(name);
    if (table === undefined && ['FILE', 'PKG', 'OS', 'MFG', 'VERSION', 'METADATA'].includes(name)) {
      throw new CannotApply(line, `${verb} ${name}: the base has no such table`);
    }
    return table ?? null;
  }
}

function isOf(table: OverlayTable, column: string): boolean {
  return column === 'rowid' || table.columns.includes(column);
}

function isOfKey(change: Change, keyColumns: readonly string[]): boolean {
  return change.kind === 'update' && change.set.some(({ column }) => keyColumns.includes(column));
}

function insertSql(how: string, table: string, columns: readonly string[]): string {
  return `INSERT${how} INTO ${table} (${columns.map(spelled).join()}) VALUES (${columns.map(() => '?').join()})`;
}

function changeSql(table: string, change: Change): string {
  const { sql } = change.where;
  return change.kind === 'delete'
    ? `DELETE FROM ${table} WHERE ${sql}`
    : `UPDATE ${table} SET ${change.set.map(({ column }) => `${quoted(column)} = ?`).join()} WHERE ${sql}`;
}

function changeValues(change: Change): readonly Value[] {
  return change.kind === 'delete'
    ? change.where.values
    : [...change.set.map(({ value }) => value), ...change.where.values];
}
