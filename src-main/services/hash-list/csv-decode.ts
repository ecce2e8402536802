import { isUtf8 } from 'node:buffer';
import { AppError } from '#shared/errors/app-error.ts';

const LARGEST_BYTES = 512 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * The file's text in pieces: UTF-16 where its first bytes say so, else UTF-8, else Windows-1252, which spreadsheets of
 * western Windows machines still write. A byte order mark is taken off.
 */
export async function* decodedText(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const bytes = await gathered(file, chunks);
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
  }
  yield decoder.decode();
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return 'utf-16le';
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return 'utf-16be';
  }
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** A list for people is small; whether it is UTF-8 shows only at its end. */
async function gathered(file: string, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      size += chunk.length;
      if (size > LARGEST_BYTES) {
        throw new AppError('UNREADABLE', `${file} is larger than 512 MiB. Import it as a known set instead.`);
      }
    }
  } catch (error) {
    if (error instanceof AppError) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('UNREADABLE', `${file} cannot be read (${reason}). Nothing was imported.`, { cause: error });
  }
  return Buffer.concat(parts);
}
