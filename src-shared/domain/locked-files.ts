import { counted } from './grouped.ts';

interface Locked {
  readonly needsPassword?: boolean | undefined;
  readonly encrypted?: number | undefined;
}

/** Files that no password opened. Where nobody counted them, an input with some counts as one. */
export function lockedFiles(inputs: readonly Locked[]): number {
  return inputs.reduce((sum, { needsPassword, encrypted }) => sum + (needsPassword === true ? (encrypted ?? 1) : 0), 0);
}

/** What is missing where a container holds files that no password opened. */
export function lockedSentence(files: number): string {
  return `${counted(files, 'file')} in it could not be opened with the passwords at hand.`;
}
