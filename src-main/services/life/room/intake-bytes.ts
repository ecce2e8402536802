import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_FOLDERS } from '../../../platform/data-directory.ts';

/** Which intakes there are is looked at no more often than this. */
const LISTED_MS = 1_000;
/** What an intake was measured to take stays good for so long: only its verdicts are ever written again. */
const MEASURED_MS = 600_000;

/** Counts the bytes of kept intakes; work under way and what is being removed is left out. */
export function createIntakeBytes(directory: string): () => Promise<number> {
  const folder = join(directory, DATA_FOLDERS.intakes);
  const measured = new Map<string, { readonly at: number; readonly bytes: number }>();
  let counted: { readonly at: number; readonly bytes: Promise<number> } | null = null;

  async function count(at: number): Promise<number> {
    const names = (await namesIn(folder)).filter((name) => !name.startsWith('.'));
    const present = new Set(names);
    for (const gone of [...measured.keys()].filter((name) => !present.has(name))) {
      measured.delete(gone);
    }
    let bytes = 0;
    for (const name of names) {
      let known = measured.get(name);
      if (known === undefined || at - known.at > MEASURED_MS) {
        known = { at, bytes: await bytesIn(join(folder, name)) };
        measured.set(name, known);
      }
      bytes += known.bytes;
    }
    return bytes;
  }

  return () => {
    const at = performance.now();
    if (counted === null || at - counted.at > LISTED_MS) {
      counted = { at, bytes: count(at) };
    }
    return counted.bytes;
  };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await namesIn(folder)) {
    // Files come and go while others work.
    bytes += await stat(join(folder, file)).then(
      (found) => found.size,
      () => 0,
    );
  }
  return bytes;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
