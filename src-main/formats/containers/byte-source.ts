import { open } from 'node:fs/promises';
import type { ByteSource } from './port.ts';

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

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (at, length) => bytes.slice(at, at + length),
    close: async () => undefined,
  };
}
