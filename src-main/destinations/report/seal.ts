import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const MARK = 'assay-seal:';
const DIGITS = 64;
const ZEROS = '0'.repeat(DIGITS);

/** Stands where the seal will be. A writer puts it into its last chunk, once. */
export const SEAL_BLANK = `${MARK}${ZEROS}`;

/**
 * A seal is a member of a manifest. Cells of a table, whose quotes are doubled, may hold what looks like a seal and are none.
 */
const MEMBER = '"seal":"';
const SEAL = /^"seal":"assay-seal:[0-9a-f]{64}"$/;

/** How far from its end a file is searched for its seal, in bytes. */
const TAIL_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The seal of a file, and the one its bytes call for now: both in hex. */
export interface SealFound {
  readonly carried: string;
  readonly computed: string;
}

/**
 * Passes chunks on and puts the seal into the last one: the SHA-256 over all bytes of the file with 64 zeros in the place
 * of the seal's own digits. It shows that a file was changed, not who made it: whoever can change a file can seal it again.
 * `onSeal` is told the digits. Throws when the last chunk has no place for a seal.
 */
export async function* sealed(
  chunks: AsyncIterable<string | Uint8Array>,
  onSeal: (digits: string) => void,
): AsyncGenerator<string | Uint8Array> {
  const hash = createHash('sha256');
  let held: string | Uint8Array | null = null;
  for await (const chunk of chunks) {
    if (chunk.length === 0) {
      continue;
    }
    if (held !== null) {
      yield held;
    }
    hash.update(chunk);
    held = chunk;
  }
  const last = Buffer.from(held ?? '');
  const at = last.lastIndexOf(SEAL_BLANK);
  if (at === -1) {
    throw new Error('The last part of a report has no place for its seal.');
  }
  const digits = hash.digest('hex');
  last.write(digits, at + MARK.length, 'latin1');
  yield last;
  onSeal(digits);
}

/**
 * Looks for a file's seal near its end and hashes the file without it. Null when it carries none. `onBytes` is told of each
 * stretch that was read, in bytes.
 */
export async function readSeal(
  path: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<SealFound | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - start);
    await file.read(tail, 0, tail.length, start);
    const place = sealIn(tail);
    if (place === null) {
      return null;
    }
    const digitsAt = start + place;
    const carried = tail.toString('latin1', place, place + DIGITS);
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (let at = 0; at < size;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK_BYTES, size - at), at);
      if (bytesRead === 0) {
        break;
      }
      blank(buffer, at, bytesRead, digitsAt);
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
      onBytes(bytesRead);
    }
    return { carried, computed: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** Where the digits of the last seal begin; null when there is none. */
function sealIn(tail: Buffer): number | null {
  for (let at = tail.lastIndexOf(MARK); at !== -1; at = at === 0 ? -1 : tail.lastIndexOf(MARK, at - 1)) {
    const digits = at + MARK.length;
    if (SEAL.test(tail.toString('latin1', Math.max(0, at - MEMBER.length), digits + DIGITS + 1))) {
      return digits;
    }
  }
  return null;
}

/** Writes zeros over what of the digits lies in this part of the file. */
function blank(buffer: Buffer, at: number, length: number, digitsAt: number): void {
  const from = Math.max(digitsAt, at);
  const to = Math.min(digitsAt + DIGITS, at + length);
  if (from < to) {
    buffer.fill(0x30, from - at, to - at);
  }
}
