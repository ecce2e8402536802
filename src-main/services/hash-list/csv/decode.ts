import { isUtf8 } from 'node:buffer';
import { AppError } from '#shared/errors/app-error.ts';
import { decodeStream } from '../../../formats/decode.ts';

const LARGEST_BYTES = 512 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/**
 * The file's text in pieces. UTF-16, gzip and byte order marks are taken care of as everywhere; what is not UTF-8 then is
 * Windows-1252, which spreadsheets of western Windows machines still write.
 */
export async function* decodedText(file: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoded = decodeStream(chunks);
  const bytes = await gathered(file, decoded.chunks);
  if (decoded.info.fault !== null) {
    throw new AppError('UNREADABLE', `${file} cannot be imported. ${decoded.info.fault} Nothing was imported.`);
  }
  const decoder = new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252', { ignoreBOM: true });
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
  }
  yield decoder.decode();
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
