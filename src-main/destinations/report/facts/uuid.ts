import { hash } from 'node:crypto';

/** Namespace of everything Assay names by itself; chosen once. */
export const ASSAY_NAMESPACE = uuidBytes('6f2c5a0e-8d1b-4c53-9a47-1e6d0b7f3c92');

/** A version 5 UUID (RFC 9562, 5.5): the same for the same namespace and name, always. 16 bytes. */
export function uuidV5(namespace: Uint8Array, name: string): Buffer {
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

/** The 16 bytes of a UUID as people write it. */
export function uuidBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}
