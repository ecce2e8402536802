/**
 * Every repository function, by name. A module here exports `<aggregate>Reads` and `<aggregate>Writes`: plain
 * functions `(db, args) => rows`. Reads take a ReadableDb, writes a WritableDb and run inside one transaction.
 */
export const reads = {} as const;
export const writes = {} as const;

export type ReadRegistry = typeof reads;
export type WriteRegistry = typeof writes;
