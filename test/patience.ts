/** For what happens soon: patience for a machine that does other things as well; nothing waits longer than it must. */
export const SOON = { timeout: 60_000, interval: 20 } as const;
