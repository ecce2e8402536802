import { configure, ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js';
import {
  MemberFault,
  type ByteSource,
  type ContainerFinding,
  type ContainerFormat,
  type ContainerOptions,
} from '../port.ts';
import { isListMissing, listFault } from './faults.ts';
import { Passwords } from './passwords.ts';
import { Places } from './places.ts';
import { isPlain, unpackPlain } from './plain.ts';
import { salvage } from './salvage.ts';
import { SourceReader } from './source-reader.ts';
import { unpack } from './unpack.ts';
import { windowSource } from './window-source.ts';

/**
 * Members are named and found by the central directory alone, whatever stands before or behind the archive; what the
 * headers of members say otherwise is left aside, since every checksum is checked. Members that share bytes are refused.
 */
const OPTIONS = {
  strictness: 'tolerant',
  filenameValidation: 'tolerant',
  checkCrc32: true,
  checkAuthenticationCode: true,
  // The library's own inflate is as fast on large members and twice as fast on small ones.
  useCompressionStream: false,
} as const;

/** Type bits of a unix mode, and the two types that are read. */
const TYPE_BITS = 0o170000;
const REGULAR = 0o100000;

/**
 * Zip archives: stored and deflated members (deflate64 too), ZipCrypto and AES, zip64, bytes before and behind. A member
 * counts only when its checksum fits: encrypted ones are read through once with each password before anything is given.
 * Wire format: APPNOTE.TXT 6.3.10; AES: the AE-1 and AE-2 notes of WinZip.
 */
export const zip: ContainerFormat = { id: 'zip', label: 'Zip archive', open };

async function* open(source: ByteSource, options: ContainerOptions): AsyncGenerator<ContainerFinding> {
  configure({ useWebWorkers: false });
  const archive: Archive = {
    source,
    places: new Places(windowSource(source)),
    passwords: new Passwords(options.passwords),
    signal: options.signal,
  };
  const entries = new ZipReader(new SourceReader(source), OPTIONS).getEntriesGenerator();
  for (;;) {
    const next = await entries.next().catch((error: unknown) => ({ error }));
    if ('error' in next) {
      if (isListMissing(next.error)) {
        yield* salvage(source, options.signal);
      }
      throw listFault(next.error);
    }
    if (next.done === true) {
      return;
    }
    const finding = findingOf(next.value, archive);
    if (finding !== null) {
      yield finding;
    }
  }
}

/** What members of one archive share. */
interface Archive {
  readonly source: ByteSource;
  readonly places: Places;
  readonly passwords: Passwords;
  readonly signal: AbortSignal;
}

/** Null for a folder: it is no record. */
function findingOf(entry: Entry, archive: Archive): ContainerFinding | null {
  const name = entry.filename;
  if (entry.directory) {
    return entry.uncompressedSize === 0
      ? null
      : { kind: 'refused', name, why: 'damaged', reason: 'it is named as a folder and has content all the same' };
  }
  const type = entry.unixExternalUpper === undefined ? 0 : entry.unixExternalUpper & TYPE_BITS;
  if (entry.symlink || (type !== 0 && type !== REGULAR)) {
    return { kind: 'refused', name, why: 'no-file', reason: entry.symlink ? 'it is a link' : 'it is no regular file' };
  }
  return {
    kind: 'member',
    name,
    as: 'file',
    size: entry.uncompressedSize,
    packed: entry.compressedSize,
    ...(entry.encrypted ? { isEncrypted: true } : {}),
    content: contentOf(entry, archive),
  };
}

async function* contentOf(entry: FileEntry, archive: Archive): AsyncGenerator<Uint8Array> {
  const { source, places, passwords, signal } = archive;
  const place = await places.locate(entry);
  if (isPlain(entry)) {
    yield* unpackPlain(source, place, entry, signal);
    return;
  }
  const password = entry.encrypted ? await passwords.fitting(entry, signal) : null;
  if (entry.encrypted && password === null) {
    throw new MemberFault('encrypted', 'it is encrypted and no password fits');
  }
  yield* unpack(entry, password, signal);
}
