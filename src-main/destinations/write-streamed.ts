import type { WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { AppError, isAppError } from '#shared/errors/app-error.ts';
import { whenClosed } from '../platform/file-stream.ts';
import { notWritable } from './not-writable.ts';
import { openPart } from './open-part.ts';
import { removeLeftParts } from './part-files.ts';
import { placeNew, type Placing } from './place-new.ts';

/** Read and written by its owner alone: most outputs name the hashes of a case. */
const PRIVATE = 0o600;

/** A file that is written, and not yet in its place. Exactly one of the two is called, once, or the file moved. */
export interface StagedFile {
  /** Where it lies meanwhile. */
  readonly temporary: string;
  readonly bytes: number;
  readonly lines: number;
  /** Puts it in its place, over what stood there. NOT_WRITABLE when that cannot be done. */
  keep(): Promise<void>;
  /** Removes it; what stands in its place stays. */
  drop(): Promise<void>;
}

/**
 * Writes batches of text (or bytes) to a file: under a temporary name beside it, renamed when whole, so that a half-written file is
 * never taken for an export. A failure or abort removes the temporary file and leaves what stood at `path`. CONFLICT where
 * it is to be `new` and another program made the file meanwhile: it then lies whole under the name the error says. Only its owner may read it, or whom `mode` names.
 */
export async function writeStreamed(
  path: string,
  batches: AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
  placing: Placing = 'replace',
  mode = PRIVATE,
): Promise<{ readonly bytes: number; readonly lines: number }> {
  const staged = await stageStreamed(path, batches, signal, mode);
  await (placing === 'new' ? placeNew([{ path, staged }]) : staged.keep());
  return { bytes: staged.bytes, lines: staged.lines };
}

/** The same up to the renaming, for files that belong together: all are written before the first of them is seen. */
export async function stageStreamed(
  path: string,
  batches: AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
  mode = PRIVATE,
): Promise<StagedFile> {
  await removeLeftParts(path);
  const { temporary, stream } = await openPart(path, mode).catch((error: unknown) => {
    throw notWritable(path, error);
  });
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
    // What could not be made cannot always be removed either: a folder may not be one, or take no such name.
    await rm(temporary, { force: true }).catch(() => undefined);
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
  return { temporary, bytes: stream.bytesWritten, lines, keep, drop };
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
