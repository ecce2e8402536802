/** The three digest kinds Assay answers for, weakest first. */
export const DIGEST_KINDS = ['md5', 'sha1', 'sha256'] as const;
export type DigestKind = (typeof DIGEST_KINDS)[number];

/** Bytes per digest. The length alone tells the kind, here and in the database. */
export const DIGEST_BYTES: Readonly<Record<DigestKind, number>> = { md5: 16, sha1: 20, sha256: 32 };

/** Bit per kind; an entry's mask tells which of its digests are present. */
export const DIGEST_BIT: Readonly<Record<DigestKind, number>> = { md5: 1, sha1: 2, sha256: 4 };

export const DIGEST_LABEL: Readonly<Record<DigestKind, string>> = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256' };

/** A digest in lower-case hex, 32, 40 or 64 digits. */
export type HexDigest = string & { readonly __digest: unique symbol };

export type DigestSet = { readonly [K in DigestKind]?: HexDigest };

/** The kind a hex text of this many digits has, or null. */
export function kindOfHexLength(digits: number): DigestKind | null {
  if (digits === 32) {
    return 'md5';
  }
  if (digits === 40) {
    return 'sha1';
  }
  return digits === 64 ? 'sha256' : null;
}

/** The kind a digest of this many bytes has, or null. */
export function kindOfByteLength(bytes: number): DigestKind | null {
  return kindOfHexLength(bytes * 2);
}

/** Parses one whole digest (surrounding white space allowed), else null. Never accepts a slice of a longer run. */
export function parseDigest(text: string): { readonly kind: DigestKind; readonly hex: HexDigest } | null {
  const trimmed = text.trim();
  const kind = kindOfHexLength(trimmed.length);
  if (kind === null || !/^[0-9a-fA-F]+$/.test(trimmed)) {
    return null;
  }
  return { kind, hex: trimmed.toLowerCase() as HexDigest };
}

/** The strongest digest present in a mask of DIGEST_BIT values. A mask of 0 has none. */
export function strongestKind(mask: number): DigestKind | null {
  if ((mask & DIGEST_BIT.sha256) !== 0) {
    return 'sha256';
  }
  if ((mask & DIGEST_BIT.sha1) !== 0) {
    return 'sha1';
  }
  return (mask & DIGEST_BIT.md5) === 0 ? null : 'md5';
}
