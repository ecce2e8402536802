import type { WriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { partName } from './part-files.ts';

/** Names tried one after the other before giving up. */
const MOST_NAMES = 1_000;

/** A file that is being written beside its place. */
export interface OpenPart {
  readonly temporary: string;
  readonly stream: WriteStream;
}

/**
 * Opens a new file beside the place of an output, with this mode whatever the umask. Others may write to the folder and
 * can guess the name: what lies there already, a link included, is neither opened nor followed, and another name is taken.
 *
 * @throws what the file system says where no file can be made
 */
export async function openPart(path: string, mode: number): Promise<OpenPart> {
  for (let tried = 1; ; tried += 1) {
    const temporary = partName(path);
    try {
      return { temporary, stream: await openNew(temporary, mode) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tried >= MOST_NAMES) {
        throw error;
      }
    }
  }
}

async function openNew(temporary: string, mode: number): Promise<WriteStream> {
  const file = await open(temporary, 'wx', mode & 0o600);
  try {
    // Disks without such rights, like those of sticks, refuse: there everybody can read everything anyway.
    await file.chmod(mode).catch(() => undefined);
    return file.createWriteStream();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}
