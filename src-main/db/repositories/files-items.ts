export const filesItemsReads = {} as const;
export const filesItemsWrites = {} as const;
