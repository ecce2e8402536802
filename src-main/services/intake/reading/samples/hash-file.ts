import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type BigIntStats } from 'node:fs';
import { reasonOf } from '../reason.ts';
import { noFileReason } from './file-kind.ts';

/** What became of one file. */
export type HashOutcome =
  | {
      readonly kind: 'hashed';
      readonly size: number;
      readonly md5: Uint8Array;
      readonly sha1: Uint8Array;
      readonly sha256: Uint8Array;
    }
  /** No digest was taken; `read` bytes were read until that was known. */
  | { readonly kind: 'refused'; readonly reason: string; readonly read: number }
  /** Somebody cancelled before its end. */
  | { readonly kind: 'cut' };

/** Larger ones do not stay in the nearest cache of a core between the three digests. */
export const CHUNK_BYTES = 256 * 1024;

/** What takes a file's place after it was looked at must not hold the reader: a pipe without a writer, a terminal. */
const FLAGS = process.platform === 'win32' ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Hashes one regular file, MD5, SHA-1 and SHA-256 in one read, on the calling thread. Nothing but a regular file is
 * opened. Digests are given only when the file was the same before and after by size and time of change, and as long as
 * it said; one that grows is left at once. `onChunk` is told of the bytes of each chunk and answers false to stop.
 * Never throws for what the file or the system does.
 */
export function hashFile(path: Buffer, buffer: Buffer, onChunk: (bytes: number) => boolean): HashOutcome {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      return refused(`it became ${noFileReason(stats, false)}`, 0);
    }
    const file = openSync(path, FLAGS);
    try {
      return hashOpen(file, buffer, onChunk);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return refused(faultOf(error), 0);
  }
}

function hashOpen(file: number, buffer: Buffer, onChunk: (bytes: number) => boolean): HashOutcome {
  const before = fstatSync(file, { bigint: true });
  if (!before.isFile()) {
    return refused('it became no regular file', 0);
  }
  const [md5, sha1, sha256] = [createHash('md5'), createHash('sha1'), createHash('sha256')];
  const expected = Number(before.size);
  let size = 0;
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      size += read;
      if (!onChunk(read)) {
        return { kind: 'cut' };
      }
      if (size > expected) {
        break;
      }
      const chunk = buffer.subarray(0, read);
      md5.update(chunk);
      sha1.update(chunk);
      sha256.update(chunk);
    }
  } catch (error) {
    return refused(faultOf(error), size);
  }
  const change = changeOf(before, fstatSync(file, { bigint: true }), size);
  if (change !== null) {
    return refused(change, size);
  }
  return { kind: 'hashed', size, md5: md5.digest(), sha1: sha1.digest(), sha256: sha256.digest() };
}

/** Why what was read may be no state the file ever had; null when it is the file. */
function changeOf(before: BigIntStats, after: BigIntStats, read: number): string | null {
  if (before.size !== after.size) {
    return `it changed while it was read: ${before.size} bytes before, ${after.size} after; no digest was taken`;
  }
  if (before.mtimeNs !== after.mtimeNs) {
    return 'it was written to while it was read; no digest was taken';
  }
  return BigInt(read) === before.size
    ? null
    : `its size says ${before.size} bytes and reading gives another number; no digest was taken`;
}

/** The system's errors carry a code; what carries none is a defect and goes on. */
function faultOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') {
    throw error;
  }
  return code === 'ENOENT' ? 'it was removed before it could be read' : reasonOf(error);
}

function refused(reason: string, read: number): HashOutcome {
  return { kind: 'refused', reason, read };
}
