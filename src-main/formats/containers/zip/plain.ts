import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { FileEntry } from '@zip.js/zip.js';
import { feed } from '../../bytes/inflate.ts';
import { MemberFault, type ByteSource } from '../port.ts';
import type { PackedPlace } from './places.ts';

const STORED = 0;
const DEFLATED = 8;
const PIECE_BYTES = 256 * 1024;
/** A member that says it is not larger is unpacked in one step, when it is read already. */
const AT_ONCE_BYTES = 1024 * 1024;

/** What must be known of a member to unpack and check it. */
type Packed = Pick<FileEntry, 'compressionMethod' | 'uncompressedSize' | 'crc32'>;

/** True for members that need neither a password nor a method the runtime has not. */
export function isPlain(entry: Pick<FileEntry, 'encrypted' | 'compressionMethod'>): boolean {
  return !entry.encrypted && (entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED);
}

/**
 * The content of a stored or deflated member, checked against its size and checksum: ends by throwing a `MemberFault` when
 * one does not fit. Never gives more than the size it says, and holds a few pieces at most.
 */
export async function* unpackPlain(
  source: ByteSource,
  place: PackedPlace,
  entry: Packed,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  let sum = 0;
  const pieces =
    entry.compressionMethod === STORED ? packed(source, place, signal) : inflated(source, place, entry, signal);
  for await (const piece of pieces) {
    size += piece.length;
    if (size > entry.uncompressedSize) {
      break;
    }
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== entry.uncompressedSize) {
    throw new MemberFault('damaged', 'it unpacks to another size than the archive says');
  }
  if (sum !== (entry.crc32 ?? 0) >>> 0) {
    throw new MemberFault('damaged', 'its checksum does not fit its content');
  }
}

async function* packed(source: ByteSource, place: PackedPlace, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (place.bytes !== null) {
    yield place.bytes;
    return;
  }
  for (let done = 0; done < place.size;) {
    signal.throwIfAborted();
    const piece = await source.read(place.at + done, Math.min(PIECE_BYTES, place.size - done));
    if (piece.length === 0) {
      return;
    }
    done += piece.length;
    yield piece;
  }
}

async function* inflated(
  source: ByteSource,
  place: PackedPlace,
  entry: Packed,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (place.bytes !== null && entry.uncompressedSize <= AT_ONCE_BYTES) {
    yield inflatedAtOnce(place.bytes, entry.uncompressedSize);
    return;
  }
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  let fault: { readonly error: unknown } | null = null;
  const feeding = feed(packed(source, place, signal), inflate).catch((error: unknown) => {
    fault = { error };
    inflate.destroy();
  });
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw faultOf(fault, error);
  } finally {
    inflate.destroy();
    await feeding;
  }
}

/** What the source threw, or that the data cannot be unpacked. */
function faultOf(fault: { readonly error: unknown } | null, error: unknown): unknown {
  return fault === null ? damaged(error) : fault.error;
}

function inflatedAtOnce(bytes: Uint8Array, size: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new MemberFault('damaged', 'it unpacks to another size than the archive says', { cause: error });
    }
    throw damaged(error);
  }
}

function damaged(error: unknown): MemberFault {
  return new MemberFault('damaged', 'its packed data is damaged', { cause: error });
}
