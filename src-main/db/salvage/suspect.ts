import { existsSync, rmSync, writeFileSync } from 'node:fs';

const suspectFile = (file: string): string => `${file}.suspect`;

/** Remembers that the database proved damaged while in use; the next start that has it alone looks at all of it. */
export function markSuspect(file: string): void {
  try {
    writeFileSync(suspectFile(file), '', { mode: 0o600 });
  } catch {
    // The damage itself is reported; a full or read-only disk must not hide it.
  }
}

export function isSuspect(file: string): boolean {
  return existsSync(suspectFile(file));
}

export function clearSuspect(file: string): void {
  rmSync(suspectFile(file), { force: true });
}
