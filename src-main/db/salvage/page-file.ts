import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** Size of the pages Assay's databases are made of. */
export const PAGE_SIZE = 4096;
export const HEADER_MAGIC = 'SQLite format 3\0';

/** Pages of a database file as they lie on disk with what its write-ahead log committed, readable whatever is broken. */
export interface PageFile {
  readonly pageSize: number;
  /** Pages there are, by file and log. */
  readonly count: number;
  /** The bytes of page `number` (1-based), short at the end of a cut-off file; null when there are none. */
  page(number: number): Buffer | null;
  close(): void;
}

/**
 * Opens the file by itself, without SQLite. Closing it frees every lock this process holds on the file, so it must not be
 * open as a database here.
 */
export function openPages(file: string): PageFile {
  const handle = openSync(file, 'r');
  const size = fstatSync(handle).size;
  const log = readLog(`${file}-wal`);
  const pageSize = log?.pageSize ?? headerPageSize(handle) ?? PAGE_SIZE;
  return {
    pageSize,
    count: Math.max(Math.ceil(size / pageSize), log?.pageCount ?? 0),
    page(number) {
      const logged = log?.pages.get(number);
      if (logged !== undefined) {
        return logged;
      }
      const bytes = Buffer.alloc(pageSize);
      const read = readSync(handle, bytes, 0, pageSize, (number - 1) * pageSize);
      // Filled up with zeros, a row cut in two would read as one that ends in zeros.
      return read === 0 ? null : bytes.subarray(0, read);
    },
    close: () => closeSync(handle),
  };
}

function headerPageSize(handle: number): number | null {
  const header = Buffer.alloc(100);
  if (readSync(handle, header, 0, 100, 0) < 100) {
    return null;
  }
  return pageSizeIn(header);
}

/** The page size a database header names, or null when it names none that is possible. */
export function pageSizeIn(header: Buffer): number | null {
  const stored = header.readUInt16BE(16);
  const size = stored === 1 ? 65_536 : stored;
  return size >= 512 && (size & (size - 1)) === 0 ? size : null;
}

interface Log {
  readonly pageSize: number;
  readonly pageCount: number;
  readonly pages: ReadonlyMap<number, Buffer>;
}

const LOG_HEADER = 32;
const FRAME_HEADER = 24;

/** What a write-ahead log committed: frames up to the last commit whose checksums hold. Null without a usable log. */
function readLog(path: string): Log | null {
  if (!existsSync(path)) {
    return null;
  }
  const handle = openSync(path, 'r');
  try {
    const size = fstatSync(handle).size;
    const header = Buffer.alloc(LOG_HEADER);
    if (size < LOG_HEADER || readSync(handle, header, 0, LOG_HEADER, 0) < LOG_HEADER) {
      return null;
    }
    const magic = header.readUInt32BE(0);
    if (magic !== 0x377f0682 && magic !== 0x377f0683) {
      return null;
    }
    const isBig = magic === 0x377f0683;
    const pageSize = header.readUInt32BE(8);
    let sum = checksum(header.subarray(0, 24), [0, 0], isBig);
    if (sum[0] !== header.readUInt32BE(24) || sum[1] !== header.readUInt32BE(28)) {
      return null;
    }
    const committed = new Map<number, Buffer>();
    const pending = new Map<number, Buffer>();
    let pageCount = 0;
    const frame = Buffer.alloc(FRAME_HEADER + pageSize);
    for (let at = LOG_HEADER; at + frame.length <= size; at += frame.length) {
      readSync(handle, frame, 0, frame.length, at);
      sum = checksum(frame.subarray(FRAME_HEADER), checksum(frame.subarray(0, 8), sum, isBig), isBig);
      const isSound =
        frame.compare(header, 16, 24, 8, 16) === 0 &&
        sum[0] === frame.readUInt32BE(16) &&
        sum[1] === frame.readUInt32BE(20);
      if (!isSound) {
        break;
      }
      pending.set(frame.readUInt32BE(0), Buffer.from(frame.subarray(FRAME_HEADER)));
      const commitSize = frame.readUInt32BE(4);
      if (commitSize > 0) {
        pageCount = commitSize;
        pending.forEach((page, number) => committed.set(number, page));
        pending.clear();
      }
    }
    return { pageSize, pageCount, pages: committed };
  } finally {
    closeSync(handle);
  }
}

function checksum(bytes: Buffer, start: readonly [number, number], isBig: boolean): [number, number] {
  let [first, second] = start;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const a = isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const b = isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + a + second) >>> 0;
    second = (second + b + first) >>> 0;
  }
  return [first, second];
}
