import type { FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { crc32, createInflateRaw } from 'node:zlib';
import { Readable, pipeline } from 'node:stream';
import { CENTRAL_BYTES, LOCAL_BYTES, type ZipHeader, commonFields, isSamePart } from './zip-headers.ts';

/** One part as the directory of a zip file names it. */
export interface ZipPart extends ZipHeader {
  readonly name: string;
  readonly offset: number;
  /** Whether the directory says no more of it: no remark, and no other file that it begins in. */
  readonly isBare: boolean;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
/** A workbook has some dozen parts; a directory beyond this is none of a report. */
const MOST_DIRECTORY = 16 * 1024 * 1024;
const DESCRIPTOR_BYTES: readonly number[] = [12, 16, 20, 24];
const STORED = 0;
const DEFLATED = 8;
const CHUNK = 1024 * 1024;

export interface ZipDirectory {
  /** In the order of the directory. */
  readonly parts: readonly ZipPart[];
  /**
   * Whether the file holds these parts and nothing else: they begin with the file and follow one another, the header in
   * front of each says what the directory says, and nothing stands behind that. Programs disagree about what a file with
   * more in it contains.
   */
  readonly isPlain: boolean;
}

/** The parts of a zip file; null when it is none, or one that is damaged. */
export async function zipParts(file: FileHandle): Promise<ZipDirectory | null> {
  const { size } = await file.stat();
  const tail = await bytesOf(file, Math.max(0, size - END_BYTES - LONGEST_COMMENT), size);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + END_BYTES > tail.length) {
    return null;
  }
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const from = tail.readUInt32LE(end + 16);
  if (length > MOST_DIRECTORY || from + length > size) {
    return null;
  }
  const parts = partsIn(await bytesOf(file, from, from + length), count);
  // Parts that lie over each other would unpack to any size.
  const packed = parts?.reduce((sum, part) => sum + part.packed, 0) ?? 0;
  if (parts === null || packed > size) {
    return null;
  }
  const isLast = from + length + END_BYTES === size && tail.readUInt32LE(end + 4) === 0;
  return { parts, isPlain: isLast && (await areInARow(file, parts, from)) };
}

/** Whether parts fill the file up to the directory; behind each its sizes may follow (APPNOTE.TXT, 4.3.9). */
async function areInARow(file: FileHandle, parts: readonly ZipPart[], directory: number): Promise<boolean> {
  const all = [...parts].sort((a, b) => a.offset - b.offset);
  let expected = 0;
  for (const [place, part] of all.entries()) {
    const local = part.offset === expected ? await localOf(file, part) : null;
    if (local === null || !part.isBare || !isSamePart(local, part)) {
      return false;
    }
    const { start } = local;
    expected = all[place + 1]?.offset ?? directory;
    const rest = expected - start - part.packed;
    if (rest !== 0 && !(DESCRIPTOR_BYTES.includes(rest) && (await isDescriptor(file, expected - rest, rest, part)))) {
      return false;
    }
  }
  return expected === directory;
}

/** A descriptor repeats checksum and sizes, the sizes in 4 or 8 bytes, with or without a signature. */
async function isDescriptor(file: FileHandle, from: number, length: number, part: ZipPart): Promise<boolean> {
  const bytes = await bytesOf(file, from, from + length);
  const isSigned = length === 16 || length === 24;
  const at = isSigned ? 4 : 0;
  const wide = length - at === 20;
  const sizes = wide
    ? [Number(bytes.readBigUInt64LE(at + 4)), Number(bytes.readBigUInt64LE(at + 12))]
    : [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
  return (
    (!isSigned || bytes.readUInt32LE(0) === 0x08074b50) &&
    bytes.readUInt32LE(at) === part.crc &&
    sizes[0] === part.packed &&
    sizes[1] === part.size
  );
}

/**
 * SHA-256 of a part's own bytes, unpacked in bounded memory and never beyond its size; null when they are damaged.
 * `onBytes` is told of each stretch of the file that was read.
 */
export async function partHash(
  file: FileHandle,
  part: ZipPart,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const hash = createHash('sha256');
  const isWhole = await readPart(file, part, (chunk) => hash.update(chunk), onBytes, signal);
  return isWhole ? hash.digest('hex') : null;
}

/** A small part as text; null when it is damaged or larger than `most` bytes. */
export async function partText(
  file: FileHandle,
  part: ZipPart,
  most: number,
  signal: AbortSignal,
): Promise<string | null> {
  if (part.size > most) {
    return null;
  }
  const chunks: Buffer[] = [];
  const isWhole = await readPart(
    file,
    part,
    (chunk) => chunks.push(chunk),
    () => undefined,
    signal,
  );
  return isWhole ? Buffer.concat(chunks).toString('utf8') : null;
}

/** Hands on a part's bytes, never more than its size. False when they are damaged. */
async function readPart(
  file: FileHandle,
  part: ZipPart,
  onChunk: (chunk: Buffer) => void,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of unpacked(file, part, onBytes, signal)) {
      size += chunk.length;
      crc = crc32(chunk, crc);
      if (size > part.size) {
        return false;
      }
      onChunk(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      return false;
    }
    throw error;
  }
  return size === part.size && crc === part.crc;
}

async function* unpacked(
  file: FileHandle,
  part: ZipPart,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const local = await localOf(file, part);
  if (local === null) {
    return;
  }
  const { start } = local;
  const packed = stretch(file, start, start + part.packed, onBytes, signal);
  if (part.method === STORED) {
    yield* packed;
  } else if (part.method === DEFLATED) {
    const inflate = createInflateRaw();
    pipeline(Readable.from(packed, { objectMode: false }), inflate, () => undefined);
    yield* inflate as AsyncIterable<Buffer>;
    if (inflate.bytesWritten !== part.packed) {
      throw Object.assign(new Error('bytes follow the packed ones'), { code: 'Z_DATA_ERROR' });
    }
  }
}

/** The header in front of a part and where the part's bytes begin; null where another part stands there. */
async function localOf(file: FileHandle, part: ZipPart): Promise<(ZipHeader & { readonly start: number }) | null> {
  const header = await bytesOf(file, part.offset, part.offset + LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== 0x04034b50) {
    return null;
  }
  const nameAt = part.offset + LOCAL_BYTES;
  const nameLength = header.readUInt16LE(26);
  const start = nameAt + nameLength + header.readUInt16LE(28);
  const texts = await bytesOf(file, nameAt, start);
  const local = commonFields(header, 4, texts.subarray(nameLength));
  const isSame = texts.toString('utf8', 0, nameLength) === part.name && local.method === part.method;
  return isSame ? { ...local, start } : null;
}

async function* stretch(
  file: FileHandle,
  from: number,
  to: number,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += CHUNK) {
    signal.throwIfAborted();
    const chunk = await bytesOf(file, at, Math.min(to, at + CHUNK));
    if (chunk.length === 0) {
      return;
    }
    onBytes(chunk.length);
    yield chunk;
  }
}

function partsIn(directory: Buffer, count: number): readonly ZipPart[] | null {
  const parts: ZipPart[] = [];
  let at = 0;
  while (at + CENTRAL_BYTES <= directory.length && directory.readUInt32LE(at) === 0x02014b50) {
    const nameAt = at + CENTRAL_BYTES;
    const extraAt = nameAt + directory.readUInt16LE(at + 28);
    const commentAt = extraAt + directory.readUInt16LE(at + 30);
    const commentLength = directory.readUInt16LE(at + 32);
    parts.push({
      ...commonFields(directory, at + 6, directory.subarray(extraAt, commentAt)),
      name: directory.toString('utf8', nameAt, extraAt),
      offset: directory.readUInt32LE(at + 42),
      isBare: commentLength === 0 && directory.readUInt16LE(at + 34) === 0,
    });
    at = commentAt + commentLength;
  }
  return at === directory.length && parts.length === count ? parts : null;
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
