/** Characters of a pasted text that are enough to show how it begins. */
export const PREVIEW_CHARACTERS = 300_000;
