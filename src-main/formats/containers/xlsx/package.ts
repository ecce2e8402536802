import { configure, type Entry, type FileEntry, ZipReader } from '@zip.js/zip.js';
import { bounded, Meter } from '../bounds.ts';
import { type ByteSource, MemberFault } from '../port.ts';
import { listFault } from '../zip/faults.ts';
import { SourceReader } from '../zip/source-reader.ts';
import { unpack } from '../zip/unpack.ts';

/** The parts of an Office Open XML file by their names. */
export interface OfficePackage {
  has(name: string): boolean;
  /** The unpacked bytes of a part; throws a `MemberFault` when it is missing, damaged or beyond the bounds. */
  part(name: string): AsyncIterable<Uint8Array>;
}

/** A workbook has a few parts for each sheet. */
const MOST_PARTS = 50_000;
const OPTIONS = {
  strictness: 'tolerant',
  filenameValidation: 'tolerant',
  checkCrc32: true,
  useCompressionStream: false,
} as const;

/** Opens the zip file a workbook is. Throws a `MemberFault` when it is none or damaged. */
export async function openPackage(source: ByteSource, signal: AbortSignal): Promise<OfficePackage> {
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new SourceReader(source), OPTIONS);
  const meter = new Meter(source.size);
  const entries = new Map<string, FileEntry>();
  const found = reader.getEntriesGenerator();
  for (;;) {
    signal.throwIfAborted();
    const next = await found.next().catch((error: unknown) => {
      throw listFault(error);
    });
    if (next.done === true) {
      break;
    }
    if (entries.size >= MOST_PARTS) {
      throw new MemberFault('limit', `it holds more than ${MOST_PARTS} parts`);
    }
    // Of two parts with one name the first counts, as for Excel.
    if (isFile(next.value) && !entries.has(keyOf(next.value.filename))) {
      entries.set(keyOf(next.value.filename), next.value);
    }
  }
  return {
    has: (name) => entries.has(keyOf(name)),
    part: (name) => partOf(name, entries.get(keyOf(name)), meter, signal),
  };
}

async function* partOf(
  name: string,
  entry: FileEntry | undefined,
  meter: Meter,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (entry === undefined) {
    throw new MemberFault('damaged', `its part ${name.slice(0, 80)} is missing`);
  }
  if (entry.encrypted) {
    throw new MemberFault('damaged', `its part ${name.slice(0, 80)} is encrypted, which parts of workbooks are not`);
  }
  yield* bounded(unpack(entry, null, signal), meter, entry.compressedSize);
}

/** Names of parts are compared without case and with either slash, as programs do. */
function keyOf(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

function isFile(entry: Entry): entry is FileEntry {
  return !entry.directory;
}
