import { statSync, type Stats } from 'node:fs';
import type { Reading } from '#shared/contract/intake.ts';
import type { IntakeInput } from '../port.ts';
import { FoundList } from './samples/found-list.ts';
import type { ReadingSession } from './session.ts';
import { walkFolder } from './walk-folder.ts';

/** What the folders among the inputs hold, by their path as given. */
export type FoundFolders = ReadonlyMap<string, FoundList>;

/**
 * Looks through the folders that are read as samples and tells the session how many bytes all inputs hold, where that can
 * be known. Opens no file. Cancelled, what was found until then comes back.
 */
export async function lookAhead(
  inputs: readonly IntakeInput[],
  reading: Reading,
  session: ReadingSession,
): Promise<FoundFolders> {
  const folders = new Map<string, FoundList>();
  let total: number | null = 0;
  for (const input of inputs) {
    const bytes: number | null =
      input.kind === 'stream'
        ? null
        : input.kind === 'text'
          ? Buffer.byteLength(input.text)
          : await bytesAt(input.path, reading, session, folders);
    total = total === null || bytes === null ? null : total + bytes;
  }
  if (total !== null) {
    session.expect(total);
  }
  return folders;
}

/** Null where the size is not known before the end: pipes, and folders whose files are lists that may be packed. */
async function bytesAt(
  path: string,
  reading: Reading,
  session: ReadingSession,
  folders: Map<string, FoundList>,
): Promise<number | null> {
  const stats = statsOf(path);
  if (stats === null || stats.isFile()) {
    return stats?.size ?? 0;
  }
  if (!stats.isDirectory() || reading.as === 'list') {
    return null;
  }
  const found = folders.get(path) ?? new FoundList();
  if (!folders.has(path)) {
    folders.set(path, found);
    for (const each of walkFolder(path)) {
      found.add(each);
      await session.breathe();
      if (session.isCancelled) {
        found.cut();
        break;
      }
    }
  }
  return found.bytes;
}

/** Null for what cannot be looked at: reading names the reason, and the other inputs go on. */
function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
