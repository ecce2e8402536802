/** A stored value as the driver takes it. */
export type StoredValue = null | number | bigint | string | Buffer;

/** Reads a variable-length integer; null past the end or when it is larger than a file can hold. */
export function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  let value = 0n;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) {
      return null;
    }
    value = index === 8 ? (value << 8n) | BigInt(byte) : (value << 7n) | BigInt(byte & 127);
    if (index === 8 || byte < 128) {
      const signed = Number(BigInt.asIntN(64, value));
      return Number.isSafeInteger(signed) ? { value: signed, end: at + index + 1 } : null;
    }
  }
  return null;
}

/** The values of a record, or null when its parts do not add up: then it is not a record, or a damaged one. */
export function decodeRecord(payload: Buffer): StoredValue[] | null {
  const header = readVarint(payload, 0);
  if (header === null || header.value < 1 || header.value > payload.length) {
    return null;
  }
  const values: StoredValue[] = [];
  let typeAt = header.end;
  let at = header.value;
  while (typeAt < header.value) {
    const type = readVarint(payload, typeAt);
    if (type === null || type.end > header.value) {
      return null;
    }
    const bytes = bytesOfType(type.value);
    if (bytes === null || at + bytes > payload.length) {
      return null;
    }
    values.push(readValue(payload, at, type.value, bytes));
    at += bytes;
    typeAt = type.end;
  }
  return at === payload.length ? values : null;
}

const FIXED_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0] as const;

function bytesOfType(type: number): number | null {
  if (type >= 12) {
    return (type - (type % 2 === 0 ? 12 : 13)) / 2;
  }
  return FIXED_BYTES[type] ?? null;
}

function readValue(payload: Buffer, at: number, type: number, bytes: number): StoredValue {
  if (type === 0) {
    return null;
  }
  if (type === 7) {
    return payload.readDoubleBE(at);
  }
  if (type === 8 || type === 9) {
    return type - 8;
  }
  if (type < 7) {
    return bytes === 8 ? asNumber(payload.readBigInt64BE(at)) : payload.readIntBE(at, bytes);
  }
  const value = payload.subarray(at, at + bytes);
  return type % 2 === 0 ? Buffer.from(value) : value.toString('utf8');
}

function asNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
