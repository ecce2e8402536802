import { rmSync } from 'node:fs';

/** Removes a set's file. Other processes may still read it, which keeps it on Windows; the next start removes it then. */
export function removeSetFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // See above: its row is gone, so nobody looks at it any more.
  }
}
