import type BetterSqlite3 from 'better-sqlite3';
import type { WritableDb } from './handles.ts';
import { prepared } from './prepared.ts';

/** Rows per INSERT: a third of the cost per row of single inserts, and far below SQLite's limit on parameters. */
const ROWS = 64;

/** Collects rows for one table and inserts them many at a time. Call `flush` before the transaction ends. */
export interface ManyRows {
  add(...values: readonly unknown[]): void;
  flush(): void;
}

/** `into` is `table (column, ...)`, a constant of the caller. */
export function insertMany(db: WritableDb, into: string, columns: number): ManyRows {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const one = prepared(db, `INSERT INTO ${into} VALUES ${row}`);
  const many: BetterSqlite3.Statement = prepared(
    db,
    `INSERT INTO ${into} VALUES ${Array.from({ length: ROWS }, () => row).join(', ')}`,
  );
  let values: unknown[] = [];
  return {
    add(...row) {
      for (const value of row) {
        values.push(value);
      }
      if (values.length === columns * ROWS) {
        many.run(values);
        values = [];
      }
    },
    flush() {
      for (let at = 0; at < values.length; at += columns) {
        one.run(values.slice(at, at + columns));
      }
      values = [];
    },
  };
}
