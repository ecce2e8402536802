import { lstatSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { sep } from 'node:path';
import { reasonOf } from './reason.ts';
import { noFileReason } from './samples/file-kind.ts';
import { pathName } from './samples/path-name.ts';

/** One thing found in a folder: a file to read, or why there is none. */
export type Found =
  | { readonly kind: 'file'; readonly path: Buffer; readonly name: string; readonly size: number }
  | { readonly kind: 'unreadable'; readonly name: string; readonly reason: string }
  | { readonly kind: 'no-file'; readonly name: string; readonly reason: string };

/**
 * Walks a folder and everything below it, in the order of names. Links to files are read; links to folders are named but
 * not entered, so that no walk runs in a circle or leaves the folder. Paths are bytes: names need not be UTF-8.
 */
export function* walkFolder(root: string): Generator<Found> {
  const pending: Buffer[] = [Buffer.from(root)];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = entriesOf(folder);
    if (!Array.isArray(entries)) {
      yield entries;
      continue;
    }
    const below: Buffer[] = [];
    for (const entry of entries) {
      const path = Buffer.concat([folder, SEPARATOR, entry.name]);
      if (entry.isDirectory()) {
        below.push(path);
      } else {
        yield look(path);
      }
    }
    // One by one: as arguments of one call they may be too many.
    for (const each of below.reverse()) {
      pending.push(each);
    }
  }
}

const SEPARATOR = Buffer.from(sep);

function entriesOf(folder: Buffer): Dirent<Buffer>[] | Found {
  try {
    const entries = readdirSync(folder, { encoding: 'buffer', withFileTypes: true });
    return entries.sort((a, b) => Buffer.compare(a.name, b.name));
  } catch (error) {
    return {
      kind: 'unreadable',
      name: pathName(folder),
      reason: `the folder could not be opened: ${reasonOf(error)}`,
    };
  }
}

function look(path: Buffer): Found {
  const name = pathName(path);
  try {
    const stats = lstatSync(path);
    const target = stats.isSymbolicLink() ? statSync(path) : stats;
    if (target.isFile()) {
      return { kind: 'file', path, name, size: target.size };
    }
    return { kind: 'no-file', name, reason: noFileReason(target, stats.isSymbolicLink()) };
  } catch (error) {
    return { kind: 'unreadable', name, reason: reasonOf(error) };
  }
}
