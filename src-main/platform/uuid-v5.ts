import { createHash } from 'node:crypto';

/**
 * The name-based UUID of version 5 (RFC 9562, 5.5), lower case: the same namespace and name give the same UUID for ever.
 * A namespace that is no UUID is a defect of the caller and thrown.
 */
export function uuidV5(namespace: string, name: string): string {
  const bytes = createHash('sha1').update(bytesOf(namespace)).update(name, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function bytesOf(uuid: string): Buffer {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new RangeError('A name-based UUID needs a UUID as its namespace.');
  }
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
