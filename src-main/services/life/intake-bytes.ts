import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_FOLDERS } from '../../platform/data-directory.ts';

/** What was counted stays good for so long: intakes come and go one at a time. */
const KEPT_MS = 10_000;

/** Counts the bytes of kept intakes; work under way and what is being removed is left out. */
export function createIntakeBytes(directory: string): () => Promise<number> {
  const folder = join(directory, DATA_FOLDERS.intakes);
  let counted: { readonly at: number; readonly bytes: Promise<number> } | null = null;
  return () => {
    const at = performance.now();
    if (counted === null || at - counted.at > KEPT_MS) {
      counted = { at, bytes: bytesOf(folder) };
    }
    return counted.bytes;
  };
}

async function bytesOf(folder: string): Promise<number> {
  const kept = (await namesIn(folder)).filter((name) => !name.startsWith('.'));
  let bytes = 0;
  for (const name of kept) {
    for (const file of await namesIn(join(folder, name))) {
      // Files come and go while others work.
      bytes += await stat(join(folder, name, file)).then(
        (found) => found.size,
        () => 0,
      );
    }
  }
  return bytes;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
