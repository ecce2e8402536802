import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * Writes text batches to a file: under a temporary name beside it, renamed when whole, so that a half-written file is
 * never taken for an export. A failure or abort removes the temporary file and leaves what stood at `path`.
 */
export async function writeStreamed(
  path: string,
  batches: AsyncIterable<string>,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly lines: number }> {
  const temporary = `${path}.part`;
  const stream = createWriteStream(temporary, { mode: 0o600 });
  let lines = 0;
  try {
    for await (const batch of batches) {
      signal?.throwIfAborted();
      lines += countLines(batch);
      if (!stream.write(batch)) {
        await once(stream, 'drain');
      }
    }
    stream.end();
    await finished(stream);
    await rename(temporary, path);
    return { bytes: stream.bytesWritten, lines };
  } catch (error) {
    stream.destroy();
    await rm(temporary, { force: true });
    if (signal?.aborted === true) {
      throw new AppError('CANCELLED', `Cancelled. ${path} was not written.`, { cause: error });
    }
    throw new AppError('NOT_WRITABLE', `${path} could not be written (${reasonOf(error)}). Nothing was left there.`, {
      cause: error,
    });
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return error instanceof Error ? error.message : 'unknown reason';
}
