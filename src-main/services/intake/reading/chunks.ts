import { closeSync, openSync, readSync } from 'node:fs';
import { pipeBytes } from '../../../platform/named-pipe.ts';
import { watchCancel } from './containers/watch-cancel.ts';
import type { ReadingSession } from './session.ts';

/** Small enough that the first few make a first look, large enough that calls do not count. */
const CHUNK_BYTES = 256 * 1024;

/** The bytes of a regular file in large chunks. Each chunk is the caller's to keep. */
export async function* fileChunks(path: string | Buffer): AsyncGenerator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      const size = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (size === 0) {
        return;
      }
      yield size === CHUNK_BYTES ? chunk : chunk.subarray(0, size);
    }
  } finally {
    closeSync(file);
  }
}

/** The bytes of a pipe or terminal, without blocking while it is silent. A cancel ends the wait for whoever is to write. */
export async function* pipeChunks(
  path: string,
  session: Pick<ReadingSession, 'isCancelled'>,
): AsyncGenerator<Uint8Array> {
  const watch = watchCancel(session);
  try {
    yield* pipeBytes(path, watch.signal);
  } finally {
    watch.dispose();
  }
}

/** Text as UTF-8 chunks. */
export async function* textChunks(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}
