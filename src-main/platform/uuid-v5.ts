import { hash } from 'node:crypto';

/**
 * The name-based UUID of version 5 (RFC 9562, 5.5), lower case: the same namespace and name give the same UUID for ever.
 * A namespace that is no UUID is a defect of the caller and thrown.
 */
export function uuidV5(namespace: string, name: string): string {
  return uuidsIn(namespace)(name);
}

/** Makes the UUIDs of one namespace. */
export function uuidsIn(namespace: string): (name: string) => string {
  const bytes = uuidBytes(namespace);
  return (name) => uuidText(uuidV5Bytes(bytes, name));
}

/** The same as 16 bytes, in a namespace of 16 bytes. */
export function uuidV5Bytes(namespace: Uint8Array, name: string): Buffer {
  const uuid = hash('sha1', Buffer.concat([namespace, Buffer.from(name, 'utf8')]), 'buffer').subarray(0, 16);
  uuid.writeUInt8((uuid.readUInt8(6) & 0x0f) | 0x50, 6);
  uuid.writeUInt8((uuid.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuid;
}

/** A UUID as people write it. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID as people write it; a defect of the caller is thrown. */
export function uuidBytes(text: string): Buffer {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new RangeError('A name-based UUID needs a UUID as its namespace.');
  }
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}
