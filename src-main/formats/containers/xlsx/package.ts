import { configure, type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { bounded, Meter } from '../bounds.ts';
import { type ByteSource, MemberFault } from '../port.ts';

/** The parts of an Office Open XML file by their names. */
export interface OfficePackage {
  has(name: string): boolean;
  /** The unpacked bytes of a part; throws a `MemberFault` when it is missing, damaged or beyond the bounds. */
  part(name: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A workbook has a few parts for each sheet. */
const MOST_PARTS = 20_000;

configure({ useWebWorkers: false });

/** Opens the zip file a workbook is. Throws a `MemberFault` when it is none or damaged. */
export async function openPackage(source: ByteSource, signal: AbortSignal): Promise<OfficePackage> {
  const reader = new ZipReader(new SourceReader(source), { signal, useWebWorkers: false });
  const meter = new Meter(source.size);
  const entries = new Map<string, FileEntry>();
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.size >= MOST_PARTS) {
        throw new MemberFault('limit', `it holds more than ${MOST_PARTS} parts`);
      }
      if (isFile(entry) && !entries.has(keyOf(entry.filename))) {
        entries.set(keyOf(entry.filename), entry);
      }
    }
  } catch (error) {
    throw faultOf(error, 'it is a damaged workbook', signal);
  }
  return {
    has: (name) => entries.has(keyOf(name)),
    part(name) {
      const entry = entries.get(keyOf(name));
      if (entry === undefined) {
        throw new MemberFault('damaged', `its part ${name} is missing`);
      }
      if (entry.encrypted) {
        throw new MemberFault('encrypted', `its part ${name} is encrypted, which workbooks are not`);
      }
      return bounded(contentOf(entry, signal), meter, entry.compressedSize);
    },
    close: () => reader.close(),
  };
}

/** Names of parts are compared without case and with either slash, as programs do. */
function keyOf(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\/+/, '').toLowerCase();
}

function isFile(entry: Entry): entry is FileEntry {
  return !entry.directory;
}

async function* contentOf(entry: FileEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const giveUp = new AbortController();
  const options = { useWebWorkers: false, signal: AbortSignal.any([signal, giveUp.signal]), checkSignature: true };
  let fault: unknown = null;
  const writing = entry.getData(pipe.writable, options).catch((error: unknown) => {
    fault = error;
    return pipe.writable.abort(error).catch(() => undefined);
  });
  try {
    for await (const chunk of pipe.readable) {
      yield chunk;
    }
  } catch (error) {
    fault ??= error;
  } finally {
    giveUp.abort();
    await writing;
  }
  if (fault !== null) {
    throw faultOf(fault, `its part ${entry.filename.slice(0, 80)} is damaged`, signal);
  }
}

function faultOf(error: unknown, what: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof MemberFault) {
    return error;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new MemberFault('damaged', `${what} (${reason.replace(/\.$/, '')})`, { cause: error });
}

/** What zip.js reads from: any place of the source. */
class SourceReader extends Reader<ByteSource> {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super(source);
    this.#source = source;
    this.size = source.size;
  }

  override readUint8Array(at: number, length: number): Promise<Uint8Array> {
    return this.#source.read(at, length);
  }
}
