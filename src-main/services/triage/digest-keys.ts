import type { DigestKind } from '#shared/domain/hash.ts';

/** The key of a digest in `digest_keys` and `hash_list_keys`: its first six bytes, big-endian, exact in a number. */
export function keyOf(digest: Uint8Array, at = 0): number {
  return (
    (((digest[at] as number) << 16) | ((digest[at + 1] as number) << 8) | (digest[at + 2] as number)) * 0x1_00_00_00 +
    (((digest[at + 3] as number) << 16) | ((digest[at + 4] as number) << 8) | (digest[at + 5] as number))
  );
}

/** A digest with its hex text, which names it in maps. */
export interface Digest {
  readonly kind: DigestKind;
  readonly bytes: Uint8Array;
  readonly hex: string;
}

export function digestOfBytes(kind: DigestKind, bytes: Uint8Array): Digest {
  return { kind, bytes, hex: hexOf(bytes) };
}

export function digestOfHex(kind: DigestKind, hex: string): Digest {
  return { kind, bytes: Buffer.from(hex, 'hex'), hex };
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
