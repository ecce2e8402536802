import { createWriteStream, type WriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Resolves once a stream that ended or was destroyed has closed its file. Only then the file may be removed: an opening that
 * is still under way would make it again. Never rejects.
 */
export async function whenClosed(stream: WriteStream): Promise<void> {
  if (!stream.closed) {
    await new Promise<void>((resolve) => void stream.once('close', resolve));
  }
}

/**
 * Writes everything that comes to a new file only its owner can read. After a rejection, for whatever reason, the file may
 * be there in part, and is removed safely.
 */
export async function pourInto(
  path: string,
  source: AsyncIterable<Uint8Array> | NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<void> {
  const stream = createWriteStream(path, { mode: 0o600 });
  try {
    await pipeline(source, stream, { signal });
  } catch (error) {
    await whenClosed(stream);
    throw error;
  }
}
