import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { whenClosed } from '../platform/file-stream.ts';

/** Tells apart what this process writes to one path at a time. */
let writes = 0;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
};

/** A file that is written, and not yet in its place. Exactly one of the two is called, once. */
export interface StagedFile {
  readonly bytes: number;
  readonly lines: number;
  /** Puts it in its place, over what stood there. NOT_WRITABLE when that cannot be done. */
  keep(): Promise<void>;
  /** Removes it; what stands in its place stays. */
  drop(): Promise<void>;
}

/**
 * Writes batches of text (or bytes) to a file: under a temporary name beside it, renamed when whole, so that a half-written file is
 * never taken for an export. A failure or abort removes the temporary file and leaves what stood at `path`.
 */
export async function writeStreamed(
  path: string,
  batches: AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly lines: number }> {
  const staged = await stageStreamed(path, batches, signal);
  await staged.keep();
  return { bytes: staged.bytes, lines: staged.lines };
}

/** The same up to the renaming, for files that belong together: all are written before the first of them is seen. */
export async function stageStreamed(
  path: string,
  batches: AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<StagedFile> {
  writes += 1;
  const temporary = `${path}.part-${process.pid}-${writes}`;
  const stream = createWriteStream(temporary, { mode: 0o600 });
  // The file may fail while a batch is being made and nobody waits for it: that must not end the process.
  stream.on('error', () => undefined);
  let lines = 0;
  try {
    for await (const batch of batches) {
      signal?.throwIfAborted();
      throwFault(stream);
      lines += countLines(batch);
      if (!stream.write(batch)) {
        await once(stream, 'drain');
      }
    }
    throwFault(stream);
    stream.end();
    await finished(stream);
  } catch (error) {
    stream.destroy();
    await whenClosed(stream);
    await rm(temporary, { force: true });
    if (signal?.aborted === true) {
      throw new AppError('CANCELLED', `Cancelled. ${path} was not written.`, { cause: error });
    }
    if (isAppError(error)) {
      // What was to be written could not be made: that is no fault of the place.
      throw error;
    }
    throw notWritable(path, error);
  }
  const drop = (): Promise<void> => rm(temporary, { force: true });
  const keep = async (): Promise<void> => {
    try {
      await rename(temporary, path);
    } catch (error) {
      await drop();
      throw notWritable(path, error);
    }
  };
  return { bytes: stream.bytesWritten, lines, keep, drop };
}

/** What is said of a place that takes no file. */
export function notWritable(path: string, cause: unknown): AppError {
  return new AppError('NOT_WRITABLE', `${path} could not be written (${reasonOf(cause)}). Nothing was left there.`, {
    cause,
  });
}

/** Throws what made the stream fail: nothing that is written to it afterwards names the reason. */
function throwFault({ errored }: WriteStream): void {
  if (errored !== null) {
    throw errored;
  }
}

function countLines(text: string | Uint8Array): number {
  if (typeof text !== 'string') {
    return 0;
  }
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return REASONS[error.code] ?? error.code;
  }
  return error instanceof Error ? error.message : 'unknown reason';
}
