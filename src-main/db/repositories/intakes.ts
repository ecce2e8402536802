/** Queries by name: `(db: ReadableDb, args) => rows`, run inside one read transaction. */
export const intakesReads = {} as const;

/** Changes by name: `(db: WritableDb, args) => result`, run inside BEGIN IMMEDIATE. */
export const intakesWrites = {} as const;
