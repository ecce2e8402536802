import { open } from 'node:fs/promises';
import type { ByteSource } from './port.ts';
import { startsUpTo } from '../bytes/starts-up-to.ts';

/** A file, read in place. Rejects with the system's error when it cannot be opened. */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return {
      size,
      async read(at, length) {
        const buffer = new Uint8Array(Math.max(0, Math.min(length, size - at)));
        let filled = 0;
        while (filled < buffer.length) {
          const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, at + filled);
          if (bytesRead === 0) {
            break;
          }
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Bytes in memory that came in pieces, read without joining them. */
export function piecesSource(pieces: readonly Uint8Array[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const piece of pieces) {
    starts.push(size);
    size += piece.length;
  }
  return {
    size,
    read: async (at, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
      let filled = 0;
      for (let index = startsUpTo(starts, at) - 1; filled < bytes.length; index += 1) {
        const from = at + filled - (starts[index] ?? 0);
        const part = (pieces[index] ?? bytes).subarray(from, from + bytes.length - filled);
        bytes.set(part, filled);
        filled += part.length;
      }
      return bytes;
    },
    close: async () => undefined,
  };
}
