/** What the process ends with; scripts rely on them. */
export const EXIT = {
  /** Done, also when single rows were rejected (they are on stderr). */
  done: 0,
  /** Nothing could be read or written. */
  nothing: 1,
  /** Wrong usage. */
  usage: 2,
  /** Found what --fail-on names, or a sync run stopped to ask. Goes before `strict`. */
  found: 3,
  /** --strict, and a row was rejected or an input could not be read whole. */
  strict: 4,
  /** A verified report was changed, or carries no seal. */
  changed: 5,
  /** Ctrl-C; a termination signal ends with 128 + its number. */
  interrupted: 130,
} as const;
