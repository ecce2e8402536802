import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { BLOOM, type BloomMeta } from '../../intakes/bloom/bloom-filter.ts';
import { BLOOM_HEADER, type BloomShape, bloomShape, bytesOfBits } from '../../intakes/bloom/dcso-bloom.ts';
import { INDEX_BLOCK } from '../../intakes/keys/key-layout.ts';
import { PackedWriter } from '../../intakes/packed-writer.ts';
import type { BuildHooks, BuildRequest, BuiltSet } from './build-set.ts';
import { throwIfCancelled, unreadable, unusable } from './refusals.ts';
import { KNOWN_SET_VERSION } from './set-builder.ts';

const CHUNK_BYTES = INDEX_BLOCK * 64;
const PROGRESS_MS = 100;
/** Spellings of a digest that are tried: each may be wrong. */
const SPELLINGS = 2;

/** Whether a file begins as a Bloom filter does and is long enough to be one. */
export function isBloom(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    return shapeOf(file) !== null;
  } finally {
    closeSync(file);
  }
}

/**
 * Takes a Bloom filter over into a packed set, bits as they are, and works out its error rate from them. All or nothing at
 * `target`. What it says is never more than possible, so that it may be marked `known` only.
 */
export async function buildBloom(request: BuildRequest, hooks: BuildHooks): Promise<BuiltSet> {
  const { source } = request;
  const file = openFile(source);
  const writer = new PackedWriter(request.target);
  try {
    const shape = shapeOf(file);
    if (shape === null) {
      throw unusable(source, 'it is no Bloom filter of the form DCSO and CIRCL publish, or it is cut off');
    }
    if (request.mark !== 'known') {
      throw unusable(source, `a Bloom filter only says what is possible, and cannot be marked ${request.mark}`);
    }
    const { setBits, sha256, bytesRead } = await copyBits(file, shape, writer, hooks);
    const digest = request.digest ?? 'sha1';
    const errorRate = 1 - (1 - (setBits / shape.bits) ** shape.functions) ** SPELLINGS;
    const { keys, functions, bits } = shape;
    const bloom: BloomMeta = { digest, keys, functions, bits, errorRate };
    const { name, edition, mark, datedAt, importedAt } = request;
    const origin = { name: basename(source), bytes: bytesRead, sha256 };
    const meta = { name, edition, mark, datedAt, importedAt, source: origin, form: 'bloom', bloom };
    const bytes = writer.finish({ kind: 'known-set', version: KNOWN_SET_VERSION, meta });
    return { bytes, md5: 0, sha1: 0, sha256: 0, edition, datedAt, ...NOTHING_COUNTED };
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    closeSync(file);
  }
}

/** A filter has no records that could be counted. */
const NOTHING_COUNTED = {
  records: 0,
  furtherDigests: 0,
  duplicates: 0,
  withoutHash: 0,
  rejected: 0,
  firstProblems: [],
} as const;

async function copyBits(
  file: number,
  { bits, keys }: BloomShape,
  writer: PackedWriter,
  hooks: BuildHooks,
): Promise<{ readonly setBits: number; readonly sha256: string; readonly bytesRead: number }> {
  const total = fstatSync(file).size;
  const length = bytesOfBits(bits);
  const hash = createHash('sha256').update(read(file, 0, BLOOM_HEADER));
  const sums: number[] = [];
  let setBits = 0;
  let told = 0;
  writer.begin(BLOOM, 'bytes');
  for (let from = 0; from < total - BLOOM_HEADER; from += CHUNK_BYTES) {
    throwIfCancelled(hooks);
    const chunk = read(file, BLOOM_HEADER + from, Math.min(CHUNK_BYTES, total - BLOOM_HEADER - from));
    hash.update(chunk);
    const part = chunk.subarray(0, Math.max(0, length - from));
    for (let at = 0; at < part.length; at += INDEX_BLOCK) {
      sums.push(crc32(part.subarray(at, at + INDEX_BLOCK)));
    }
    setBits += bitsSet(part);
    writer.write(part);
    if (performance.now() - told >= PROGRESS_MS) {
      hooks.onProgress(BLOOM_HEADER + from, total, keys, 'reading');
      await setImmediate();
      told = performance.now();
    }
  }
  writer.end();
  writer.section(`${BLOOM}.sums`, 'u32', Uint32Array.from(sums));
  hooks.onProgress(total, total, keys, 'reading');
  return { setBits, sha256: hash.digest('hex'), bytesRead: total };
}

/** Bits that are set; bytes come in whole words of 64 bits. */
function bitsSet(bytes: Uint8Array): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  let count = 0;
  for (const value of words) {
    let word = value - ((value >>> 1) & 0x5555_5555);
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

function shapeOf(file: number): BloomShape | null {
  const header = Buffer.alloc(BLOOM_HEADER);
  const size = fstatSync(file).size;
  return readSync(file, header, 0, BLOOM_HEADER, 0) < BLOOM_HEADER ? null : bloomShape(header, size);
}

function read(file: number, from: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let done = 0;
  while (done < count) {
    const some = readSync(file, bytes, done, count - done, from + done);
    if (some === 0) {
      throw new RangeError('the filter became shorter while it was read');
    }
    done += some;
  }
  return bytes;
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}
