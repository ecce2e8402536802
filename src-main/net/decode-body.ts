import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { codeOf } from './connection-fault.ts';

export type DecodedBody =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** Longer than allowed; decoding stopped there. */
  | { readonly kind: 'oversized' }
  /** The compressed data ended early or is damaged inside. */
  | { readonly kind: 'cut' };

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const gunzipBytes: Decoder = promisify(gunzip);
const inflateBytes: Decoder = promisify(inflate);
const inflateRawBytes: Decoder = promisify(inflateRaw);
const brotliBytes: Decoder = promisify(brotliDecompress);

/**
 * Undoes `content-encoding` (RFC 9110, 8.4), the last coding first, holding never more than `maxBytes` of what comes
 * out. A body that is not what the header announces is handed on as it is; an unknown coding too.
 */
export async function decodeBody(bytes: Uint8Array, encoding: string, maxBytes: number): Promise<DecodedBody> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let body = bytes;
  // More than two codings is no server's habit, but a way to make a small body huge.
  for (const coding of codings.slice(0, 2).reverse()) {
    const decoded = await undo(body, coding, maxBytes);
    if (decoded.kind !== 'whole') {
      return decoded;
    }
    body = decoded.bytes;
  }
  return body.byteLength > maxBytes ? { kind: 'oversized' } : { kind: 'whole', bytes: body };
}

async function undo(bytes: Uint8Array, coding: string, maxBytes: number): Promise<DecodedBody> {
  if (bytes.byteLength === 0) {
    return { kind: 'whole', bytes };
  }
  const options = { maxOutputLength: maxBytes };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return isGzip(bytes) ? run(gunzipBytes, bytes, options) : { kind: 'whole', bytes };
    case 'deflate':
      return isZlib(bytes) ? run(inflateBytes, bytes, options) : orAsItIs(inflateRawBytes, bytes, options);
    case 'br':
      return orAsItIs(brotliBytes, bytes, options);
    default:
      return { kind: 'whole', bytes };
  }
}

async function run(decoder: Decoder, bytes: Uint8Array, options: { maxOutputLength: number }): Promise<DecodedBody> {
  try {
    return { kind: 'whole', bytes: await decoder(bytes, options) };
  } catch (error) {
    return { kind: codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'oversized' : 'cut' };
  }
}

/** For codings without a mark of their own: only data that ends early is certainly the announced coding. */
async function orAsItIs(
  decoder: Decoder,
  bytes: Uint8Array,
  options: { maxOutputLength: number },
): Promise<DecodedBody> {
  try {
    return { kind: 'whole', bytes: await decoder(bytes, options) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return { kind: 'oversized' };
    }
    return code === 'Z_BUF_ERROR' && !looksLikeText(bytes) ? { kind: 'cut' } : { kind: 'whole', bytes };
  }
}

/** JSON, XML or HTML, perhaps after blank lines. */
function looksLikeText(bytes: Uint8Array): boolean {
  return /^\s*[[{<"]/.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'));
}

/** RFC 1952, 2.3.1; one byte alone may be all that arrived of the two. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && (bytes.byteLength === 1 || bytes[1] === 0x8b);
}

/** RFC 1950, 2.2: method 8 and a check over the first two bytes. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}
