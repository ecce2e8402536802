import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '../platform/process-mark.ts';
import { moveToFree } from './place-new.ts';
import { readSidecar, SIDECAR_ENDING } from './report/sidecar.ts';

/** Files of one output that a write put aside and could not put back or remove, because its process died. */
export interface OlderFiles {
  readonly files: readonly { readonly path: string; readonly aside: string }[];
  /** When they were put aside, in milliseconds. */
  readonly at: number;
}

/** A replacing takes no longer than this; what lies aside longer is left over, whoever has the number of its process now. */
const REPLACING_MS = 60_000;
/** A manifest names every input, of which there may be 100,000. */
const MOST_MANIFEST_BYTES = 256 * 1024 * 1024;

/** The name under which a file lies while another takes its place; `move` is one number for files that belong together. */
export function asideName(path: string, move: number): string {
  return `${path}.older-${process.pid}-${move}`;
}

/** What lies aside of an output and its manifest, the latest first; nothing of a replacing that is under way. */
export async function olderFiles(path: string, now = Date.now()): Promise<readonly OlderFiles[]> {
  const groups = new Map<string, { files: OlderFiles['files'][number][]; at: number }>();
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    for (const place of [path, `${path}${SIDECAR_ENDING}`]) {
      const mark = markIn(name, basename(place));
      const aside = join(dirname(path), name);
      const found = mark === null ? null : await stat(aside).catch(() => null);
      if (
        mark !== null &&
        found?.isFile() === true &&
        !(isRunning(`${mark.pid}:`) && now - found.ctimeMs < REPLACING_MS)
      ) {
        const group = groups.get(mark.move) ?? { files: [], at: 0 };
        group.files.push({ path: place, aside });
        group.at = Math.max(group.at, found.ctimeMs);
        groups.set(mark.move, group);
      }
    }
  }
  return [...groups.values()].toSorted((a, b) => b.at - a.at);
}

/**
 * Gives what a write that was cut off left aside its names again, where nothing stands there by now. False where there is
 * nothing, or the new file was in its place already: that is left to a person, who finds it by `olderSentence`.
 */
export async function restoreOlder(path: string): Promise<boolean> {
  const [latest] = await olderFiles(path);
  if (latest === undefined || !(await fits(path, latest))) {
    return false;
  }
  const moved: boolean[] = [];
  for (const { path: place, aside } of latest.files) {
    moved.push(await moveToFree(aside, place).catch(() => false));
  }
  return moved.some(Boolean);
}

/** One sentence on what lies aside of an output; null where nothing does. */
export async function olderSentence(path: string): Promise<string | null> {
  const files = (await olderFiles(path)).flatMap((group) => group.files.map(({ aside }) => aside));
  return files.length === 0
    ? null
    : `A write of ${basename(path)} was cut off: what it was to replace lies as ${files.toSorted().join(' and ')}.`;
}

/** Whether an output of this name would lie beside or over something: a file, a manifest, or what a write left aside. */
export async function isNameTaken(path: string): Promise<boolean> {
  // A link to nothing is something.
  const there = await Promise.allSettled([lstat(path), lstat(`${path}${SIDECAR_ENDING}`)]);
  return there.some(({ status }) => status === 'fulfilled') || (await olderFiles(path)).length > 0;
}

/** Whether all places are free, and a manifest that returns alone belongs to the file that stands. */
async function fits(path: string, { files }: OlderFiles): Promise<boolean> {
  const taken = await Promise.all(files.map(({ path: place }) => sizeOf(place)));
  if (taken.some((size) => size !== null)) {
    return false;
  }
  const size = await sizeOf(path);
  const [only] = files;
  if (size === null || only === undefined || files.length > 1) {
    return true;
  }
  const manifest = (await sizeOf(only.aside)) ?? 0;
  return manifest < MOST_MANIFEST_BYTES && readSidecar(await readFile(only.aside, 'utf8'))?.bytes === size;
}

function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => found.size,
    () => null,
  );
}

/** Which process put a file of this name aside, and in which of its moves. */
function markIn(name: string, place: string): { readonly pid: string; readonly move: string } | null {
  const [, pid, move] =
    /^\.older-(\d{1,10})-(\d{1,10})$/.exec(name.startsWith(place) ? name.slice(place.length) : '') ?? [];
  return pid === undefined || move === undefined ? null : { pid, move: `${pid}-${move}` };
}
