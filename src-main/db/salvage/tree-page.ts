import type { PageFile } from './page-file.ts';
import { decodeRecord, readVarint, type StoredValue } from './record.ts';

export const TABLE_LEAF = 13;
export const TABLE_INNER = 5;
export const INDEX_LEAF = 10;
export const INDEX_INNER = 2;

export interface TreeRow {
  /** Null in tables without row ids. */
  readonly rowid: number | null;
  readonly values: StoredValue[];
}

/** The kind of b-tree page this is, or 0 when it is none. */
export function treeType(page: Buffer, number: number): number {
  const at = headerAt(number);
  const type = page.length < at + LONGEST_HEADER ? 0 : page[at];
  return type === TABLE_LEAF || type === TABLE_INNER || type === INDEX_LEAF || type === INDEX_INNER ? type : 0;
}

/** Rows that can be read off one page, and how many cells could not be. */
export function rowsOn(file: PageFile, number: number): { readonly rows: TreeRow[]; readonly unreadable: number } {
  const page = file.page(number);
  const rows: TreeRow[] = [];
  let unreadable = 0;
  if (page === null || treeType(page, number) === 0 || treeType(page, number) === TABLE_INNER) {
    return { rows, unreadable };
  }
  const type = treeType(page, number);
  for (const cell of cellOffsets(page, number, type, file.pageSize)) {
    const row = cell === null ? null : rowAt(file, page, cell, type);
    if (row === null) {
      unreadable += 1;
    } else {
      rows.push(row);
    }
  }
  return { rows, unreadable };
}

/** Pages below an inner page. */
export function childrenOf(page: Buffer, number: number): number[] {
  const type = treeType(page, number);
  if (type !== TABLE_INNER && type !== INDEX_INNER) {
    return [];
  }
  const children = cellOffsets(page, number, type, page.length).flatMap((cell) =>
    cell === null ? [] : [page.readUInt32BE(cell)],
  );
  return [...children, page.readUInt32BE(headerAt(number) + 8)];
}

/** Bytes before the pointers to cells, on inner pages. */
const LONGEST_HEADER = 12;

function headerAt(number: number): number {
  return number === 1 ? 100 : 0;
}

/** Where the cells begin; null for a pointer that leads outside the page, or was cut off with its end. */
function cellOffsets(page: Buffer, number: number, type: number, pageSize: number): (number | null)[] {
  const start = headerAt(number);
  const first = start + (type === TABLE_INNER || type === INDEX_INNER ? 12 : 8);
  const count = Math.min(page.readUInt16BE(start + 3), Math.floor((pageSize - first) / 2));
  return Array.from({ length: count }, (_, index) => {
    const pointer = first + index * 2;
    const at = pointer + 2 > page.length ? 0 : page.readUInt16BE(pointer);
    return at >= first + count * 2 && at < page.length - 3 ? at : null;
  });
}

function rowAt(file: PageFile, page: Buffer, cell: number, type: number): TreeRow | null {
  const size = readVarint(page, type === INDEX_INNER ? cell + 4 : cell);
  if (size === null || size.value < 1 || size.value > file.count * file.pageSize) {
    return null;
  }
  let at = size.end;
  let rowid: number | null = null;
  if (type === TABLE_LEAF) {
    const id = readVarint(page, at);
    if (id === null) {
      return null;
    }
    rowid = id.value;
    at = id.end;
  }
  const payload = readPayload(file, page, at, size.value, type === TABLE_LEAF);
  const values = payload === null ? null : decodeRecord(payload);
  return values === null ? null : { rowid, values };
}

/** A payload with what spilled over onto other pages; null when the chain breaks. */
function readPayload(file: PageFile, page: Buffer, at: number, size: number, isTable: boolean): Buffer | null {
  const usable = file.pageSize;
  const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (size <= most) {
    return at + size <= page.length ? page.subarray(at, at + size) : null;
  }
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  if (at + local + 4 > page.length) {
    return null;
  }
  const parts = [page.subarray(at, at + local)];
  let missing = size - local;
  let next = page.readUInt32BE(at + local);
  while (missing > 0) {
    const overflow = next > 1 && next <= file.count ? file.page(next) : null;
    if (overflow === null) {
      return null;
    }
    const wanted = Math.min(missing, usable - 4);
    const part = overflow.subarray(4, 4 + wanted);
    if (part.length < wanted) {
      return null;
    }
    parts.push(part);
    missing -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}
