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
  const bytes = bytesOf(namespace);
  return (name) => {
    const hex = hash('sha1', Buffer.concat([bytes, Buffer.from(name, 'utf8')]));
    const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
  };
}

function bytesOf(uuid: string): Buffer {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) {
    throw new RangeError('A name-based UUID needs a UUID as its namespace.');
  }
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}
