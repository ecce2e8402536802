/** Queries by name: `(db: ReadableDb, args) => rows`, run inside one read transaction. */
export const evidenceReads = {} as const;

/** Changes by name: `(db: WritableDb, args) => result`, run inside BEGIN IMMEDIATE. */
export const evidenceWrites = {} as const;
