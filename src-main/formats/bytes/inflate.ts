import { createGunzip, type createInflateRaw } from 'node:zlib';

const OUTPUT_BYTES = 256 * 1024;
/** What zlib unpacked of one write is lost when that write turns out to be damaged: writes are kept small. */
const WRITE_BYTES = 16 * 1024;
/** Packed input of at most this size is unpacked a second time to come as close to the damage as can be. */
const KEPT_MOST = 32 * 1024 * 1024;

type Unpacker = ReturnType<typeof createGunzip | typeof createInflateRaw>;

/** How far unpacking came. */
interface Unpacked {
  readonly bytes: number;
  /** Packed bytes that gave them. */
  readonly consumed: number;
  readonly error: NodeJS.ErrnoException | null;
}

/** Unpacks gzip as far as the data is sound; a cut-off or damaged stream becomes a fault, not an exception. */
export async function* inflate(
  source: AsyncIterable<Uint8Array>,
  info: { fault: string | null },
): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  async function* written(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      keptBytes += chunk.length;
      if (keptBytes <= KEPT_MOST) {
        kept.push(chunk);
      } else {
        kept = [];
      }
      for (let at = 0; at < chunk.length; at += WRITE_BYTES) {
        yield chunk.subarray(at, at + WRITE_BYTES);
      }
    }
  }
  const first = yield* unpack(written(), 0);
  if (first.error === null) {
    return;
  }
  let { bytes } = first;
  if (first.error.code !== 'Z_BUF_ERROR' && keptBytes <= KEPT_MOST) {
    bytes = (yield* unpack(byteByByte(Buffer.concat(kept), first.consumed), bytes)).bytes;
  }
  info.fault = `The gzip data is cut off or damaged after ${bytes} unpacked bytes (${first.error.message}).`;
}

/** The sound part in one piece, the write that failed in single bytes. */
async function* byteByByte(packed: Buffer, sound: number): AsyncGenerator<Uint8Array> {
  yield packed.subarray(0, sound);
  for (let at = sound; at < Math.min(packed.length, sound + WRITE_BYTES); at += 1) {
    yield packed.subarray(at, at + 1);
  }
}

/** Unpacks and leaves out the first `skip` bytes. Throws only what the source throws. */
async function* unpack(source: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array, Unpacked> {
  const gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  let sourceError: unknown = null;
  const feeding = feed(source, gunzip).catch((error: unknown) => {
    sourceError = error;
    gunzip.destroy();
  });
  let bytes = 0;
  let failed: NodeJS.ErrnoException | null = null;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      const isNew = bytes + chunk.length > skip;
      const from = Math.max(0, skip - bytes);
      bytes += chunk.length;
      if (isNew) {
        yield from === 0 ? chunk : chunk.subarray(from);
      }
    }
  } catch (error) {
    failed = error instanceof Error ? error : new Error(String(error));
  } finally {
    gunzip.destroy();
    await feeding;
  }
  if (sourceError !== null) {
    throw sourceError;
  }
  return { bytes, consumed: gunzip.bytesWritten, error: failed };
}

/** Writes everything and ends it, one piece at a time; stops when it was destroyed. Throws what the source throws. */
export async function feed(source: AsyncIterable<Uint8Array>, gunzip: Unpacker): Promise<void> {
  for await (const chunk of source) {
    if (gunzip.destroyed) {
      return;
    }
    await write(gunzip, chunk);
  }
  gunzip.end();
}

/**
 * Settles when the write was unpacked, or when it never will be. Nothing else waits behind it then: zlib would drop what
 * it unpacked of a write that the end of the input follows at once, when that end comes too early.
 */
function write(gunzip: Unpacker, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      gunzip.off('close', settle);
      resolve();
    };
    gunzip.on('close', settle);
    gunzip.write(chunk, settle);
  });
}
