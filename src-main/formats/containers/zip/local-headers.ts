import { isUtf8 as isUtf8Text } from 'node:buffer';
import type { ByteSource } from '../port.ts';
import { windowSource } from './window-source.ts';

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
/** Bits of the general purpose flag. */
const ENCRYPTED = 1;
const SIZES_BEHIND = 8;
const UTF8 = 0x800;
/** Where a size stands for one in the extra field. */
const WIDE = 0xffffffff;
const WIDE_ID = 1;

/** What the header in front of a member says of it. */
export interface LocalHeader {
  readonly name: string;
  readonly encrypted: boolean;
  readonly compressionMethod: number;
  readonly crc32: number;
  readonly uncompressedSize: number;
  /** Where its packed bytes begin, and how many they are. */
  readonly at: number;
  readonly packed: number;
  /** True when its sizes and checksum stand behind it, so that nobody knows where it ends. */
  readonly isOpenEnded: boolean;
}

/**
 * The headers in front of the members of an archive that lost its list of members, from its start on as long as each one
 * follows the one before. Ends behind the first that does not say where it ends. Layout: APPNOTE.TXT 6.3.10, 4.3.7.
 */
export async function* localHeaders(source: ByteSource): AsyncGenerator<LocalHeader> {
  const window = windowSource(source);
  for (let start = 0; start + HEADER_BYTES <= source.size;) {
    const head = Buffer.from(await window.read(start, HEADER_BYTES));
    if (head.length < HEADER_BYTES || head.readUInt32LE(0) !== HEADER_SIGNATURE) {
      return;
    }
    const nameBytes = head.readUInt16LE(26);
    const extraBytes = head.readUInt16LE(28);
    const names = Buffer.from(await window.read(start + HEADER_BYTES, nameBytes + extraBytes));
    if (names.length < nameBytes + extraBytes) {
      return;
    }
    const header = headerOf(head, names, nameBytes, start + HEADER_BYTES + nameBytes + extraBytes);
    yield header;
    if (header.isOpenEnded) {
      return;
    }
    start = header.at + header.packed;
  }
}

function headerOf(head: Buffer, names: Buffer, nameBytes: number, at: number): LocalHeader {
  const flags = head.readUInt16LE(6);
  const sizes = sizesOf(head, names.subarray(nameBytes));
  return {
    name: nameOf(names.subarray(0, nameBytes), (flags & UTF8) !== 0),
    encrypted: (flags & ENCRYPTED) !== 0,
    compressionMethod: head.readUInt16LE(8),
    crc32: head.readUInt32LE(14),
    uncompressedSize: sizes.unpacked,
    at,
    packed: sizes.packed,
    isOpenEnded: (flags & SIZES_BEHIND) !== 0,
  };
}

function sizesOf(head: Buffer, extra: Buffer): { readonly packed: number; readonly unpacked: number } {
  const packed = head.readUInt32LE(18);
  const unpacked = head.readUInt32LE(22);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const isWide = extra.readUInt16LE(at) === WIDE_ID && extra.readUInt16LE(at + 2) >= 16 && at + 20 <= extra.length;
    if (isWide && packed === WIDE && unpacked === WIDE) {
      return { unpacked: Number(extra.readBigUInt64LE(at + 4)), packed: Number(extra.readBigUInt64LE(at + 12)) };
    }
  }
  return { packed, unpacked };
}

/** Without the mark for UTF-8 it is that all the same, or some older code page of which only ASCII is certain. */
function nameOf(bytes: Buffer, isUtf8: boolean): string {
  return bytes.toString(isUtf8 || isUtf8Text(bytes) ? 'utf8' : 'latin1');
}
