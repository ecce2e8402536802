import type { Meter } from '../../../../formats/containers/bounds.ts';
import type { ByteSource } from '../../../../formats/containers/port.ts';
import type { ContainerRecognition } from '../../../../formats/containers/recognise-container.ts';
import { passwordsOf, type ContainerPlace } from './container-task.ts';
import { holdsDigest } from './holds-digest.ts';

/**
 * True when a container is opened without anybody having asked for it: an archive always, a document when its text holds a
 * digest, programs and Office documents never. `outer` is the meter of the archive it lies in.
 */
export async function isOpened(
  found: ContainerRecognition,
  source: ByteSource,
  place: ContainerPlace,
  signal: AbortSignal,
  outer: Meter | null = null,
): Promise<boolean> {
  if (found.opens !== 'with-digests') {
    return found.opens === 'always';
  }
  if (place.reading.as === 'list') {
    return true;
  }
  return holdsDigest(await found.kind.load(), source, { passwords: passwordsOf(place), signal }, outer);
}
