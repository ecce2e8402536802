import { constants, gunzipSync } from 'node:zlib';

const MOST_BYTES = 64 * 1024 * 1024;

/** What a text format's input says in characters, decoded by other code than the product's. */
export function plainText(bytes: Buffer, encoding: string): string {
  const unpacked = encoding.endsWith('gzip') ? gunzipped(bytes) : bytes;
  if (encoding.startsWith('UTF-16 BE')) {
    return Buffer.from(unpacked.subarray(0, unpacked.length - (unpacked.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return unpacked.toString(encoding.startsWith('UTF-16') ? 'utf16le' : 'latin1');
}

function gunzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_BYTES });
  } catch {
    // Damaged inside: what the product got out of it cannot be compared.
    return Buffer.alloc(0);
  }
}

/** True when the digits of a digest stand in the text in their order, with nothing between them but what wraps text. */
export function holdsDigits(text: string): (digest: string) => boolean {
  const ways: (() => string)[] = [
    () => text,
    () => letters(text),
    () =>
      letters(text.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))),
    () => letters(unescaped(text)),
  ];
  const made: string[] = [];
  return (digest) =>
    ways.some((way, index) => {
      made[index] ??= way().toLowerCase();
      return made[index].includes(digest);
    });
}

const letters = (text: string): string => text.replaceAll(/[^0-9a-zA-Z]/g, '');

function unescaped(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?-->|<[^>]*>/g, '')
    .replaceAll(/&#x([0-9a-f]{1,6});?/gi, (_, code: string) => character(parseInt(code, 16)))
    .replaceAll(/&#([0-9]{1,7});?/g, (_, code: string) => character(Number(code)))
    .replaceAll(/&[a-z]+;/gi, '');
}

const character = (code: number): string => (code <= 0x10_ffff ? String.fromCodePoint(code) : '');
