/**
 * The packed-column file, used for intakes, verdict columns, known sets and look-up accelerators.
 *
 * ```
 * offset 0   8 bytes   magic "ASSAYCOL"
 *        8   u32 LE    layout version (1)
 *       12   u32 LE    header length in bytes
 *       16   u32 LE    CRC-32 of the header bytes
 *       20   44 zero bytes (reserved)
 *       64   header    UTF-8 JSON: { kind, version, meta, sections: [{ name, type, offset, bytes, crc32 }] }
 *            sections  each starts at a multiple of 64; little-endian; offsets count from the start of the file
 *      end-8 8 bytes   trailer "ASSAYEND"
 * ```
 * Writers stream the sections to a temporary name behind 64 KiB reserved for preamble and header, then fill those in,
 * sync and rename. Anything long (per-input details, rejected records) is a section, so that the header always fits.
 * A file is immutable once renamed into place.
 */
export const PACKED_MAGIC = 'ASSAYCOL';
export const PACKED_TRAILER = 'ASSAYEND';
export const PACKED_VERSION = 1;
export const PACKED_PREAMBLE = 64;
export const PACKED_HEADER_ROOM = 64 * 1024;

export type SectionType = 'u8' | 'u16' | 'u32' | 'f64' | 'bytes';

export interface PackedSection {
  readonly name: string;
  readonly type: SectionType;
  readonly offset: number;
  readonly bytes: number;
  readonly crc32: number;
}

export interface PackedHeader {
  /** What the file holds. */
  readonly kind: 'intake' | 'verdicts' | 'known-set' | 'accelerator';
  /** Version of that kind's sections. */
  readonly version: number;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly sections: readonly PackedSection[];
}
