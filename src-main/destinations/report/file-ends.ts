import { open } from 'node:fs/promises';

/** The first bytes of a file, all of them when it is shorter. Rejects with the system's error when it cannot be read. */
export function beginOf(path: string, bytes: number): Promise<Buffer> {
  return read(path, () => ({ from: 0, length: bytes }));
}

/** The last bytes of a file, all of them when it is shorter. Rejects with the system's error when it cannot be read. */
export function endOf(path: string, bytes: number): Promise<Buffer> {
  return read(path, (size) => ({ from: Math.max(0, size - bytes), length: Math.min(size, bytes) }));
}

async function read(path: string, part: (size: number) => { from: number; length: number }): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { from, length } = part((await file.stat()).size);
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
