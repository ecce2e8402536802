export const statsReads = {} as const;
