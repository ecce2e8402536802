interface Locked {
  readonly needsPassword?: boolean | undefined;
  readonly encrypted?: number | undefined;
}

/** Files that no password opened. Where nobody counted them, an input with some counts as one. */
export function lockedFiles(inputs: readonly Locked[]): number {
  return inputs.reduce((sum, { needsPassword, encrypted }) => sum + (needsPassword === true ? (encrypted ?? 1) : 0), 0);
}
