import type BetterSqlite3 from 'better-sqlite3';
import type { ReadableDb } from '../handles.ts';
import type { Value } from './delta-tokens.ts';

/** Statements of a delta have few forms; lists of many lengths must not pile up. */
const MOST_KEPT = 200;

/** Statements of one database, each prepared once. Rows come as arrays, whole numbers as they are. */
export class PreparedStatements {
  readonly #db: ReadableDb;
  readonly #kept = new Map<string, BetterSqlite3.Statement>();

  constructor(db: ReadableDb) {
    this.#db = db;
  }

  /** The statement of this text. */
  of(sql: string): BetterSqlite3.Statement {
    let statement = this.#kept.get(sql);
    if (statement === undefined) {
      if (this.#kept.size >= MOST_KEPT) {
        this.#kept.clear();
      }
      statement = this.#db.prepare(sql);
      statement = statement.reader ? statement.raw() : statement;
      statement.safeIntegers();
      this.#kept.set(sql, statement);
    }
    return statement;
  }

  /** How SQLite goes about a statement. */
  plan(sql: string, values: readonly Value[]): readonly string[] {
    const steps = this.of(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as [bigint, bigint, bigint, string][];
    return steps.map(([, , , detail]) => detail);
  }
}
