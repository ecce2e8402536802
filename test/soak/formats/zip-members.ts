import { inflateRawSync } from 'node:zlib';

const DIRECTORY = Buffer.from('PK\u0001\u0002', 'latin1');
const MOST_BYTES = 4 * 1024 * 1024;

/** The members of a sound, unencrypted zip archive that are stored or deflated; others are left out. */
export function zipMembers(bytes: Buffer): { readonly name: string; readonly data: Buffer }[] {
  const members: { name: string; data: Buffer }[] = [];
  for (let at = bytes.indexOf(DIRECTORY); at !== -1 && at + 46 <= bytes.length; at = bytes.indexOf(DIRECTORY, at + 1)) {
    const isEncrypted = (bytes.readUInt16LE(at + 8) & 1) !== 0;
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    if (isEncrypted || local + 30 > bytes.length) {
      continue;
    }
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = unpacked(bytes.subarray(from, from + packed), method);
    if (data !== null) {
      members.push({ name: bytes.toString('utf8', at + 46, nameEnd), data });
    }
  }
  return members;
}

function unpacked(bytes: Buffer, method: number): Buffer | null {
  if (method === 0) {
    return bytes;
  }
  try {
    return method === 8 ? inflateRawSync(bytes, { maxOutputLength: MOST_BYTES }) : null;
  } catch {
    // A damaged member is not worth changing further.
    return null;
  }
}
