import { crc32 } from 'node:zlib';

/** Property ids of 7zFormat.txt. */
const ID = { end: 0, header: 1, mainStreams: 4, files: 5, pack: 6, unpack: 7, sub: 8, size: 9, crc: 10 } as const;
const FOLDER = 0x0b;
const CODERS_UNPACK_SIZE = 0x0c;
const EMPTY_STREAM = 0x0e;
const EMPTY_FILE = 0x0f;
const NAMES = 0x11;
const ATTRIBUTES = 0x15;

/** A 7z archive around `packed` with this list of members, in plain, and right checksums over whatever it holds. */
export function archiveOf(list: Buffer, packed: Buffer = Buffer.alloc(0)): Buffer {
  const start = Buffer.alloc(20);
  start.writeBigUInt64LE(BigInt(packed.length), 0);
  start.writeBigUInt64LE(BigInt(list.length), 8);
  start.writeUInt32LE(crc32(list), 16);
  const mark = Buffer.from('377abcaf271c0004', 'hex');
  return Buffer.concat([mark, uint32(crc32(start)), start, packed, list]);
}

/** The list of an archive of empty files with these names. */
export function emptyFiles(names: readonly string[]): Buffer {
  const bits = Buffer.alloc(Math.ceil(names.length / 8), 0xff);
  return Buffer.concat([
    Buffer.from([ID.header, ID.files]),
    number(names.length),
    property(EMPTY_STREAM, bits),
    property(EMPTY_FILE, bits),
    property(NAMES, namesOf(names)),
    Buffer.from([ID.end, ID.end]),
  ]);
}

/** The list of an archive with one file, `name`, packed by one coder: its id and properties in hex. Attributes are Windows'. */
export function oneFile(
  name: string,
  coder: { readonly id: string; readonly properties?: string },
  packed: number,
  size: number,
  checksum: number | null,
  attributes?: number,
): Buffer {
  const id = Buffer.from(coder.id, 'hex');
  const properties = Buffer.from(coder.properties ?? '', 'hex');
  const hasProperties = properties.length > 0;
  return Buffer.concat([
    Buffer.from([ID.header, ID.mainStreams, ID.pack, 0, 1, ID.size]),
    number(packed),
    Buffer.from([ID.end, ID.unpack, FOLDER, 1, 0, 1, id.length | (hasProperties ? 0x20 : 0)]),
    id,
    ...(hasProperties ? [number(properties.length), properties] : []),
    Buffer.from([CODERS_UNPACK_SIZE]),
    number(size),
    ...(checksum === null ? [] : [Buffer.from([ID.crc, 1]), uint32(checksum)]),
    Buffer.from([ID.end, ID.sub, ID.end, ID.end, ID.files, 1]),
    property(NAMES, namesOf([name])),
    ...(attributes === undefined
      ? []
      : [property(ATTRIBUTES, Buffer.concat([Buffer.from([1, 0]), uint32(attributes)]))]),
    Buffer.from([ID.end, ID.end]),
  ]);
}

/** A NUMBER of the format, always in its longest form. */
export function number(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xff);
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return bytes;
}

function namesOf(names: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from([0]), ...names.map((name) => Buffer.from(`${name}\0`, 'utf16le'))]);
}

function property(id: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([id]), number(content.length), content]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
