import { BOUNDS } from '../../../../formats/containers/bounds.ts';
import { piecesSource } from '../../../../formats/containers/byte-source.ts';
import { MARK_BYTES, mayBeContainer } from '../../../../formats/containers/recognise-container.ts';
import type { ContainerPlace } from './container-task.ts';
import { readContainerSource, type ContainerResult } from './container-input.ts';

/** What a stream turned out to be: a container that was read, one that is too large, or bytes that are read otherwise. */
export type StreamResult =
  | Exclude<ContainerResult, { readonly kind: 'none' | 'sample' }>
  | { readonly kind: 'too-large'; readonly reason: string }
  | { readonly kind: 'none'; readonly chunks: AsyncIterable<Uint8Array> };

/**
 * Reads a stream as a container when its first bytes say that it may be one: such a stream is held in memory, since
 * containers are not read from front to back. Every other stream comes back whole. What the stream fails by, it fails by
 * when it is read on.
 */
export async function readContainerStream(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  place: ContainerPlace,
): Promise<StreamResult> {
  const source = passedOn(chunks);
  const pieces: Uint8Array[] = [];
  let size = 0;
  let isOver = false;
  let fault: { readonly error: unknown } | null = null;
  const pullTo = async (most: number): Promise<void> => {
    while (size < most && !isOver) {
      try {
        const next = await source.next();
        isOver = next.done === true;
        if (next.done !== true) {
          pieces.push(next.value);
          size += next.value.length;
          await place.session.breathe();
        }
      } catch (error) {
        fault = { error };
        isOver = true;
      }
      isOver ||= place.session.isCancelled;
    }
  };
  await pullTo(MARK_BYTES);
  const back = (): StreamResult => ({ kind: 'none', chunks: replayed(pieces, isOver, source, () => fault) });
  if (!mayBeContainer(Buffer.concat(pieces)) || fault !== null) {
    return back();
  }
  await pullTo(BOUNDS.heldBytes + 1);
  if (size > BOUNDS.heldBytes) {
    await source.return(undefined);
    return { kind: 'too-large', reason: 'an archive of more than 256 MiB cannot be read from a stream: name its file' };
  }
  if (fault !== null || place.session.isCancelled) {
    return back();
  }
  const result = await readContainerSource(name, piecesSource(pieces), place);
  return result.kind === 'read' ? result : back();
}

/** Takes what can be iterated without waiting as well. */
async function* passedOn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function* replayed(
  pieces: readonly Uint8Array[],
  isOver: boolean,
  source: AsyncGenerator<Uint8Array>,
  fault: () => { readonly error: unknown } | null,
): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
    if (!isOver) {
      yield* source;
    }
    const end = fault();
    if (end !== null) {
      throw end.error;
    }
  } finally {
    await source.return(undefined);
  }
}
