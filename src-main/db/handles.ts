import type BetterSqlite3 from 'better-sqlite3';

declare const writable: unique symbol;

/** A handle for queries. Repositories that only read take this. */
export type ReadableDb = Pick<BetterSqlite3.Database, 'prepare' | 'close' | 'name' | 'open' | 'inTransaction'> & {
  pragma(source: string, options?: BetterSqlite3.PragmaOptions): unknown;
};

/** A handle that may write. A reader can never be passed where this is asked for. */
export type WritableDb = BetterSqlite3.Database & { readonly [writable]: true };
