/** What both headers of a part in a zip file say of it (APPNOTE.TXT, 4.3.7 and 4.3.12). */
export interface ZipHeader {
  readonly flags: number;
  readonly method: number;
  /** Of the part's own bytes. */
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly extra: Buffer;
}

/** Bytes in front of the name: in front of a part, and in the directory. */
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;

const SIZES_FOLLOW = 0x0008;
/** How much was tried in packing, that the sizes follow, that the name is UTF-8. Any other says how a part is read. */
const HARMLESS_FLAGS = 0x0006 | SIZES_FOLLOW | 0x0800;
/** Times, and numbers of users, as programs add them that pack files: UT, NTFS, both of Info-ZIP for Unix. */
const HARMLESS_FIELDS: ReadonlySet<number> = new Set([0x5455, 0x000a, 0x5855, 0x7855, 0x7875]);

/** What the fields say that both headers have in the same order; `at` is the first of them. */
export function commonFields(bytes: Buffer, at: number, extra: Buffer): ZipHeader {
  return {
    flags: bytes.readUInt16LE(at + 2),
    method: bytes.readUInt16LE(at + 4),
    crc: bytes.readUInt32LE(at + 10),
    packed: bytes.readUInt32LE(at + 14),
    size: bytes.readUInt32LE(at + 18),
    extra,
  };
}

/**
 * Whether every reader finds the same part, whichever header it goes by: nothing in either says that it is encrypted, or
 * has another name or other sizes; checksum and sizes in front of the part are those of the directory, or follow it.
 */
export function isSamePart(local: ZipHeader, central: ZipHeader): boolean {
  const follow = (local.flags & SIZES_FOLLOW) !== 0;
  const fits = (one: number, other: number): boolean => one === other || (follow && one === 0);
  return (
    local.flags === central.flags &&
    (local.flags & ~HARMLESS_FLAGS) === 0 &&
    local.method === central.method &&
    fits(local.crc, central.crc) &&
    fits(local.packed, central.packed) &&
    fits(local.size, central.size) &&
    hasHarmlessFields(local.extra) &&
    hasHarmlessFields(central.extra)
  );
}

function hasHarmlessFields(extra: Buffer): boolean {
  let at = 0;
  while (at + 4 <= extra.length && HARMLESS_FIELDS.has(extra.readUInt16LE(at))) {
    at += 4 + extra.readUInt16LE(at + 2);
  }
  return at === extra.length;
}
