import type BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import type { Condition } from './delta-change.ts';
import { quoted } from './open-foreign.ts';
import type { OverlayTable } from './overlay-tables.ts';
import { PreparedStatements } from './prepared-statements.ts';

/** A value as it is stored: whole numbers without loss. */
export type Stored = string | bigint | number | null | Uint8Array;

/** Rows between two looks whether work goes on. */
export const LOOK_ROWS = 4096;
/** Row numbers that are looked through at once where no index helps. */
const SCAN_ROWS = 200_000;
/** The highest row number there can be. */
const HIGHEST = 2n ** 63n - 1n;

/** The rows of FILE of a base, without those that a delta made go. The base is only read; what is gone is noted beside it. */
export class BaseRows {
  readonly #file: OverlayTable;
  readonly #base: PreparedStatements;
  readonly #isGone: BetterSqlite3.Statement<[bigint]>;
  readonly #go: BetterSqlite3.Statement<[bigint]>;
  readonly #look: () => void;
  readonly #lastRow: bigint;
  #highest: bigint;

  /** `db` keeps what is gone. */
  constructor(base: ReadableDb, db: BetterSqlite3.Database, file: OverlayTable, look: () => void) {
    this.#file = file;
    this.#look = look;
    this.#base = new PreparedStatements(base);
    db.exec('CREATE TABLE gone (row INTEGER PRIMARY KEY)');
    this.#isGone = db.prepare('SELECT 1 FROM gone WHERE row = ?');
    this.#go = db.prepare('INSERT INTO gone VALUES (?)');
    this.#lastRow = this.#below('rowid <= ?', HIGHEST);
    this.#highest = this.#lastRow;
  }

  /** The highest row number that is not gone; 0 for none. */
  highest(): bigint {
    for (let steps = 1; this.#highest > 0n && this.#hasGone(this.#highest); steps += 1) {
      this.#highest = this.#below('rowid < ?', this.#highest);
      if (steps % LOOK_ROWS === 0) {
        this.#look();
      }
    }
    return this.#highest;
  }

  /** The row that has these values in the columns of a key; null for none, and always where one of them is NULL. */
  withKey(key: readonly string[], values: readonly Stored[]): bigint | null {
    if (values.includes(null)) {
      return null;
    }
    const condition = key.map((column) => `${spelled(column)} = ?`).join(' AND ');
    const found = this.#base.of(this.#sql(condition, '')).get(...values) as [bigint] | undefined;
    return found === undefined || this.#hasGone(found[0]) ? null : found[0];
  }

  /** Makes a row go. */
  remove(row: bigint): void {
    this.#go.run(row);
  }

  /** Row numbers, and what `more` names, of rows that meet a condition: by an index, or piece by piece where none helps. */
  *meeting({ sql, values }: Condition, more: readonly string[]): Generator<readonly [bigint, ...Stored[]]> {
    const columns = more.map((column) => `, ${quoted(column)}`).join('');
    let seen = 0;
    for (const row of this.#all(sql, values, columns)) {
      seen += 1;
      if (seen % LOOK_ROWS === 0) {
        this.#look();
      }
      if (!this.#hasGone(row[0])) {
        yield row;
      }
    }
  }

  *#all(sql: string, values: Condition['values'], columns: string): Generator<readonly [bigint, ...Stored[]]> {
    const plan = this.#base.plan(this.#sql(sql, columns), values);
    if (plan.every((step) => !step.startsWith('SCAN'))) {
      yield* this.#base.of(this.#sql(sql, columns)).iterate(...values) as IterableIterator<[bigint, ...Stored[]]>;
      return;
    }
    const piece = this.#base.of(this.#sql(`rowid > ? AND rowid <= ? AND ${sql}`, columns));
    for (let from = 0; from < this.#lastRow; from += SCAN_ROWS) {
      this.#look();
      yield* piece.iterate(from, from + SCAN_ROWS, ...values) as IterableIterator<[bigint, ...Stored[]]>;
    }
  }

  #below(condition: string, row: bigint): bigint {
    const sql = `SELECT max(rowid) FROM ${quoted(this.#file.baseName)} WHERE ${condition}`;
    const [highest] = this.#base.of(sql).get(row) as [bigint | null];
    return highest ?? 0n;
  }

  #hasGone(row: bigint): boolean {
    return this.#isGone.get(row) !== undefined;
  }

  #sql(condition: string, columns: string): string {
    return `SELECT rowid${columns} FROM ${quoted(this.#file.baseName)} WHERE ${condition}`;
  }
}

/** A column as SQL names it. */
export function spelled(column: string): string {
  return column === 'rowid' ? column : quoted(column);
}
