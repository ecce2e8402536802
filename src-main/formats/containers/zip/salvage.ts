import type { ByteSource, ContainerFinding } from '../port.ts';
import { localHeaders, type LocalHeader } from './local-headers.ts';
import { isPlain, unpackPlain } from './plain.ts';

/**
 * Members of an archive that was cut off and so lost the list of its members: read one after the other by the headers in
 * front of them, checked like all others. Refused is what only that list would have told how to read.
 */
export async function* salvage(source: ByteSource, signal: AbortSignal): AsyncGenerator<ContainerFinding> {
  for await (const header of localHeaders(source)) {
    const { name, packed, uncompressedSize } = header;
    const reason = refusal(header);
    if (reason !== null) {
      yield { kind: 'refused', name, why: 'damaged', reason };
    } else if (!name.endsWith('/') || uncompressedSize > 0) {
      const place = { at: header.at, size: packed, bytes: null };
      const content = unpackPlain(source, place, header, signal);
      yield { kind: 'member', name, as: 'file', size: uncompressedSize, packed, content };
    }
  }
}

/** Null for what can be read. */
function refusal(header: LocalHeader): string | null {
  if (header.encrypted) {
    return 'it is encrypted, and is not opened without the list of members';
  }
  if (header.isOpenEnded) {
    return 'only the list of members would tell where it ends';
  }
  return isPlain(header) ? null : 'it is packed by a method that is not unpacked without the list of members';
}
