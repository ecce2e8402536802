import type { Meter } from '../../../../formats/containers/bounds.ts';
import type { ByteSource, MemberFault } from '../../../../formats/containers/port.ts';
import type { ContainerRecognition } from '../../../../formats/containers/recognise-container.ts';
import { passwordsOf, type ContainerPlace } from './container-task.ts';
import { holdsDigest } from './holds-digest.ts';

/**
 * True when a container is opened without anybody having asked for it: an archive always, a document when its text holds a
 * digest, programs and Office documents never. `outer` is the meter of the archive it lies in; `unread`
 * is told why a document could not be looked through.
 */
export async function isOpened(
  found: ContainerRecognition,
  source: ByteSource,
  place: ContainerPlace,
  signal: AbortSignal,
  outer: Meter | null = null,
  unread: (fault: MemberFault) => void = () => undefined,
): Promise<boolean> {
  if (found.opens !== 'with-digests') {
    return found.opens === 'always';
  }
  if (place.reading.as === 'list') {
    return true;
  }
  return holdsDigest(await found.kind.load(), source, { passwords: passwordsOf(place), signal }, outer, unread);
}
