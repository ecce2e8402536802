import { AppError } from '#shared/errors/app-error.ts';

/** Most pixels of a side, and bytes of a picture. */
const MOST_PIXELS = 16_384;
const MOST_BYTES = 6_000_000;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length and type of the first chunk, IHDR, with width and height behind them (PNG specification, 11.2.2), and the last one. */
const HEADER = Buffer.from([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
const END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
const LEAST_BYTES = 57;

/** The bytes of a picture a window drew. INVALID_ARGUMENT unless it is base64 of a whole PNG of a usual size. */
export function pictureOf(base64: string): Uint8Array {
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : Buffer.alloc(0);
  const isPng =
    bytes.length >= LEAST_BYTES &&
    bytes.length <= MOST_BYTES &&
    bytes.subarray(0, 8).equals(SIGNATURE) &&
    bytes.subarray(8, 16).equals(HEADER) &&
    bytes.subarray(-END.length).equals(END);
  if (!isPng || !isSide(bytes.readUInt32BE(16)) || !isSide(bytes.readUInt32BE(20))) {
    throw new AppError('INVALID_ARGUMENT', 'That is no picture of a panel. Nothing was saved.');
  }
  return bytes;
}

function isSide(pixels: number): boolean {
  return pixels > 0 && pixels <= MOST_PIXELS;
}
