import BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import type { Change, Condition } from './delta-change.ts';
import type { Value } from './delta-tokens.ts';
import { foreignFault, openForeign, quoted } from './open-foreign.ts';
import { makeTables, type OverlayTable } from './overlay-tables.ts';
import type { DeltaOther, DeltaRow } from './rds-delta.ts';

/** A statement that cannot be applied, and why. */
export class CannotApply extends Error {
  readonly line: number;
  constructor(line: number, why: string) {
    super(why);
    this.line = line;
  }
}

/** Rows between two looks whether work goes on. */
const LOOK_ROWS = 4096;
/** Row numbers that are looked through at once where no index helps. */
const SCAN_ROWS = 200_000;
const CACHE_KIB = 32 * 1024;

/**
 * What a delta makes of an RDSv3 database, kept beside it: the base is only read. The overlay is a database with the rows of
 * FILE that were added or changed, all of the small tables, and the numbers of the rows of FILE that are gone. Statements are
 * rebuilt from what was understood of them; none of their text is run.
 */
export class RdsOverlay {
  /** UPDATE and DELETE statements, and those of them that found a row. */
  changes = 0;
  found = 0;
  rows = 0;
  readonly #base: ReadableDb;
  readonly #db: BetterSqlite3.Database;
  readonly #tables: ReadonlyMap<string, OverlayTable>;
  readonly #file: OverlayTable;
  readonly #look: () => void;
  readonly #prepared = new Map<string, BetterSqlite3.Statement>();
  readonly #lastRow: number;
  #nextRow: number;

  /** Makes an overlay at `path`, which must not be there. `look` is called now and then and may throw. */
  constructor(basePath: string, path: string, look: () => void) {
    this.#look = look;
    this.#base = openForeign(basePath);
    this.#db = new BetterSqlite3(path);
    try {
      this.#db.pragma('synchronous = OFF');
      this.#db.pragma(`cache_size = -${CACHE_KIB}`);
      this.#db.exec('CREATE TABLE gone (row INTEGER PRIMARY KEY)');
      this.#tables = makeTables(this.#base, this.#db);
      const file = this.#tables.get('FILE');
      if (file === undefined) {
        throw new TypeError('tables without FILE');
      }
      this.#file = file;
      this.#db.exec('BEGIN');
      this.#copySmall();
      const last = this.#base.prepare<[], number | null>(`SELECT max(rowid) FROM ${quoted(file.baseName)}`).pluck();
      this.#lastRow = last.get() ?? 0;
      this.#nextRow = this.#lastRow + 1;
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
    const isRow = error.code.startsWith('SQLITE_CONSTRAINT') || error.code === 'SQLITE_MISMATCH';
    return isRow ? new CannotApply(line, error.message) : foreignFault(this.#base.name, error);
  }

  #copySmall(): void {
    for (const table of this.#tables.values()) {
      if (table.name !== 'FILE') {
        const columns = ['rowid', ...table.columns.map(quoted)].join();
        const from = this.#base.prepare<[], unknown[]>(`SELECT ${columns} FROM ${quoted(table.baseName)}`).raw();
        this.#copy(
          from.iterate(),
          `INSERT INTO ${table.name} (${columns}) VALUES (?${', ?'.repeat(table.columns.length)})`,
        );
      }
    }
  }

  #copy(rows: Iterable<unknown[]>, sql: string): void {
    const into = this.#run(sql);
    let copied = 0;
    for (const row of rows) {
      into.run(...row);
      copied += 1;
      if (copied % LOOK_ROWS === 0) {
        this.#look();
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
    if (table === this.#file && this.#isHeld(named, values, conflict, line)) {
      return;
    }
    const isNumbered = named.includes('rowid') || (table.rowNumber !== null && named.includes(table.rowNumber));
    const numbered = table === this.#file && !isNumbered;
    const into = (numbered ? ['rowid', ...named] : named).map(spelled);
    const bound = numbered ? [this.#nextRow, ...values] : values;
    const how = conflict === 'abort' ? '' : ` OR ${conflict.toUpperCase()}`;
    const sql = `INSERT${how} INTO ${name} (${into.join()}) VALUES (${into.map(() => '?').join()})`;
    const { lastInsertRowid } = this.#run(sql).run(...bound);
    if (table === this.#file) {
      this.#nextRow = Math.max(this.#nextRow, Number(lastInsertRowid) + 1);
    }
  }

  /** Whether the base holds a row of the same key, so that nothing is to be inserted. */
  #isHeld(named: readonly string[], values: readonly Value[], conflict: string, line: number): boolean {
    const keys = named.includes('rowid') ? [...this.#file.keys, ['rowid']] : this.#file.keys;
    for (const key of keys) {
      const of = key.map((column) => values[named.indexOf(column)] ?? null);
      const condition = key.map((column) => `${spelled(column)} = ?`).join(' AND ');
      const held = this.#ask(condition).get(...of) as [number] | undefined;
      if (held === undefined || this.#isGone(held[0])) {
        continue;
      }
      if (conflict === 'ignore') {
        return true;
      }
      if (conflict === 'abort') {
        throw new CannotApply(line, 'it inserts a row of FILE that the base holds already');
      }
      this.#run('INSERT INTO gone VALUES (?)').run(held[0]);
    }
    return false;
  }

  #change({ table: name, change, verb, line }: DeltaOther): void {
    if (name === '') {
      return;
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
    const after = this.#run(changeSql(name, change)).run(...changeValues(change)).changes;
    this.found += before + after > 0 ? 1 : 0;
  }

  /** Marks rows of the base as gone; those to be changed are copied before. Returns how many. */
  #takeFromBase(change: Change): number {
    const columns = this.#file.columns.map(quoted).join();
    const places = `?${', ?'.repeat(this.#file.columns.length)}`;
    const copy = this.#run(`INSERT INTO FILE (rowid, ${columns}) VALUES (${places})`);
    const mark = this.#run('INSERT INTO gone VALUES (?)');
    let taken = 0;
    let seen = 0;
    for (const row of this.#basedOn(change.where, change.kind === 'update' ? `, ${columns}` : '')) {
      seen += 1;
      if (seen % LOOK_ROWS === 0) {
        this.#look();
      }
      if (!this.#isGone(row[0] as number)) {
        mark.run(row[0]);
        taken += 1;
        if (change.kind === 'update') {
          copy.run(...row);
        }
      }
    }
    return taken;
  }

  /** Rows of FILE of the base that meet a condition: by an index, or piece by piece where none helps. */
  *#basedOn({ sql, values }: Condition, more: string): Generator<unknown[]> {
    const plan = this.#base
      .prepare<unknown[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${this.#baseSql(sql, more)}`)
      .all(...values);
    if (plan.every(({ detail }) => !detail.startsWith('SCAN'))) {
      yield* this.#ask(sql, more).iterate(...values) as IterableIterator<unknown[]>;
      return;
    }
    const piece = this.#ask(`rowid > ? AND rowid <= ? AND ${sql}`, more);
    for (let from = 0; from < this.#lastRow; from += SCAN_ROWS) {
      this.#look();
      yield* piece.iterate(from, from + SCAN_ROWS, ...values) as IterableIterator<unknown[]>;
    }
  }

  #ask(condition: string, more = ''): BetterSqlite3.Statement {
    const sql = this.#baseSql(condition, more);
    return this.#kept(`base ${sql}`, () => this.#base.prepare(sql).raw());
  }

  #baseSql(condition: string, more: string): string {
    return `SELECT rowid${more} FROM ${quoted(this.#file.baseName)} WHERE ${condition}`;
  }

  #isGone(row: number): boolean {
    return this.#run('SELECT 1 FROM gone WHERE row = ?').get(row) !== undefined;
  }

  #run(sql: string): BetterSqlite3.Statement {
    return this.#kept(sql, () => this.#db.prepare(sql));
  }

  #kept(key: string, prepare: () => BetterSqlite3.Statement): BetterSqlite3.Statement {
    let statement = this.#prepared.get(key);
    if (statement === undefined) {
      // Statements of a delta have few forms; lists of many lengths must not pile up.
      if (this.#prepared.size > 200) {
        this.#prepared.clear();
      }
      statement = prepare();
      this.#prepared.set(key, statement);
    }
    return statement;
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

function spelled(column: string): string {
  return column === 'rowid' ? column : quoted(column);
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
