import type { ByteSource } from '../port.ts';
import { localHeaders } from './local-headers.ts';

/** Members looked at to tell a document or a program from an archive; they have their marks far in front of this. */
const MOST_NAMES = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;
/** The end record with the longest comment it may have. */
const TAIL_BYTES = 22 + 0xffff;
const END_SIGNATURE = 0x06054b50;
const WIDE_END_SIGNATURE = 0x06064b50;
const LOCATOR_SIGNATURE = 0x07064b50;
const HEADER_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

/**
 * The names of the first members of a zip file as its central directory lists them, and the one its first bytes name;
 * without a directory, those in front of the members. Only a look: damage gives fewer names, never an error.
 * Layout: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
 */
export async function directoryNames(source: ByteSource): Promise<readonly string[]> {
  const place = await directoryPlace(source);
  if (place === null) {
    return localNames(source);
  }
  const names = namesIn(Buffer.from(await source.read(place.at, Math.min(place.size, MOST_BYTES))));
  const first = firstName(Buffer.from(await source.read(0, 30 + 0xffff)));
  return first === null ? names : [first, ...names];
}

async function directoryPlace(source: ByteSource): Promise<{ readonly at: number; readonly size: number } | null> {
  const from = Math.max(0, source.size - TAIL_BYTES);
  const tail = Buffer.from(await source.read(from, TAIL_BYTES));
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === END_SIGNATURE) {
      const size = tail.readUInt32LE(at + 12);
      const end = from + at;
      const wide = at >= 20 && tail.readUInt32LE(at - 20) === LOCATOR_SIGNATURE;
      const place = wide
        ? await widePlace(source, Number(tail.readBigUInt64LE(at - 20 + 8)))
        : { at: end - size, size };
      return place !== null && place.at >= 0 && place.at < source.size ? place : null;
    }
  }
  return null;
}

async function widePlace(source: ByteSource, at: number): Promise<{ at: number; size: number } | null> {
  const record = Buffer.from(at < source.size ? await source.read(at, 56) : []);
  return record.length === 56 && record.readUInt32LE(0) === WIDE_END_SIGNATURE
    ? { size: Number(record.readBigUInt64LE(40)), at: Number(record.readBigUInt64LE(48)) }
    : null;
}

/** Of an archive without a list of members: by the headers in front of them. */
async function localNames(source: ByteSource): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of localHeaders(source)) {
    names.push(name);
    if (names.length >= MOST_NAMES) {
      break;
    }
  }
  return names;
}

function namesIn(directory: Buffer): string[] {
  const names: string[] = [];
  let at = 0;
  while (names.length < MOST_NAMES && at + 46 <= directory.length && directory.readUInt32LE(at) === HEADER_SIGNATURE) {
    const length = directory.readUInt16LE(at + 28);
    names.push(directory.toString('latin1', at + 46, at + 46 + length));
    at += 46 + length + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return names;
}

function firstName(bytes: Buffer): string | null {
  return bytes.length >= 30 && bytes.readUInt32LE(0) === LOCAL_SIGNATURE
    ? bytes.toString('latin1', 30, 30 + bytes.readUInt16LE(26))
    : null;
}
