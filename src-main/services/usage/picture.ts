import { AppError } from '#shared/errors/app-error.ts';

/** Most pixels of a side, and bytes of a picture. */
const MOST_PIXELS = 16_384;
const MOST_BYTES = 6_000_000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A chunk is a length, a type, its data and a checksum (PNG specification, 5.3); these are the bytes around the data. */
const CHUNK_FRAME = 12;

/** The bytes of a picture a window drew. INVALID_ARGUMENT unless it is base64 of one whole PNG of a usual size, and nothing else. */
export function pictureOf(base64: string): Uint8Array {
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  if (bytes.length > MOST_BYTES || !isPng(bytes)) {
    throw new AppError('INVALID_ARGUMENT', 'That is no picture of a panel. Nothing was saved.');
  }
  return bytes;
}

/** From its signature over its chunks, the header first, to the end of the last one. */
function isPng(bytes: Buffer): boolean {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    return false;
  }
  let type = '';
  let at = SIGNATURE.length;
  while (type !== 'IEND') {
    if (at + CHUNK_FRAME > bytes.length) {
      return false;
    }
    const isFirst = type === '';
    type = bytes.toString('latin1', at + 4, at + 8);
    const length = bytes.readUInt32BE(at);
    if (isFirst && (type !== 'IHDR' || length !== 13 || !hasUsualSize(bytes, at + 8))) {
      return false;
    }
    at += CHUNK_FRAME + length;
  }
  return at === bytes.length;
}

function hasUsualSize(bytes: Buffer, at: number): boolean {
  return at + 8 <= bytes.length && isSide(bytes.readUInt32BE(at)) && isSide(bytes.readUInt32BE(at + 4));
}

function isSide(pixels: number): boolean {
  return pixels > 0 && pixels <= MOST_PIXELS;
}
