import { crc32, deflateRawSync } from 'node:zlib';

export interface BuiltMember {
  readonly name: string | Buffer;
  readonly data: Uint8Array;
  /** 0 stored (default) or 8 deflated. */
  readonly method?: 0 | 8;
  /** What the headers say instead of the truth. */
  readonly says?: { readonly crc?: number; readonly size?: number; readonly packed?: number };
  /** Packed data other than that of `data`. */
  readonly packed?: Uint8Array;
  /** The member whose place this one names as its own, by number. */
  readonly placeOf?: number;
  readonly unixMode?: number;
  readonly flags?: number;
}

/** A zip archive written byte by byte, lies included. */
export function buildZip(members: readonly BuiltMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const places: number[] = [];
  let at = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const method = member.method ?? 0;
    const packed = member.packed ?? (method === 8 ? deflateRawSync(member.data) : member.data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(member.flags ?? 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE((member.says?.crc ?? crc32(member.data)) >>> 0, 10);
    common.writeUInt32LE(member.says?.packed ?? packed.length, 14);
    common.writeUInt32LE(member.says?.size ?? member.data.length, 18);
    common.writeUInt16LE(name.length, 22);
    places.push(member.placeOf === undefined ? at : (places[member.placeOf] ?? 0));
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(3 << 8, 4);
    common.copy(header, 6, 0, 24);
    header.writeUInt32LE(((member.unixMode ?? 0o100644) << 16) >>> 0, 38);
    header.writeUInt32LE(places.at(-1) ?? 0, 42);
    directory.push(header, name);
    if (member.placeOf === undefined) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
      parts.push(local);
      at += local.length;
    }
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(members.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(members.length, 0xffff), 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}
