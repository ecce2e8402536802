import type { ByteSource } from '../../../../formats/containers/port.ts';
import type { ContainerRecognition } from '../../../../formats/containers/recognise-container.ts';
import { passwordsOf, type ContainerPlace } from './container-task.ts';
import { holdsDigest } from './holds-digest.ts';

/**
 * True when a container is opened without anybody having asked for it: an archive always, a document when its text holds a
 * digest, programs and Office documents never.
 */
export async function isOpened(
  found: ContainerRecognition,
  source: ByteSource,
  place: ContainerPlace,
  signal: AbortSignal,
): Promise<boolean> {
  if (found.opens !== 'with-digests') {
    return found.opens === 'always';
  }
  if (place.reading.as === 'list') {
    return true;
  }
  return holdsDigest(await found.kind.load(), source, { passwords: passwordsOf(place), signal });
}
