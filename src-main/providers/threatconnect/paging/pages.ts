import type { ServiceResult } from '../../../net/service-fault.ts';
import type { IndicatorPage } from '../../indicator-port.ts';
import { readRows, type ReadRows } from '../rows/indicator.ts';
import { failed, type Exchange } from '../wire/exchange.ts';
import { notSent, unreadable } from '../wire/faults.ts';
import type { ListAnswer } from '../wire/schema.ts';
import {
  advanced,
  cursorText,
  isAscending,
  isWithin,
  keyClauses,
  readCursor,
  START,
  type Cursor,
  type KeyCursor,
} from './cursor.ts';
import { readPlaces } from './places.ts';

/** What pages are read with. */
export interface Source {
  readonly exchange: Exchange;
  readonly pageSize: number;
  /** A page of indicators from the first place on; `conditions` are added to the query. */
  list(
    request: {
      readonly tql: string;
      readonly conditions: readonly string[];
      readonly sorting: string;
      readonly limit: number;
    },
    signal: AbortSignal,
  ): Promise<ServiceResult<ListAnswer>>;
}

/** What came of a page: its rows, and where to go on. */
export interface PageRead {
  readonly read: ReadRows;
  readonly next: Cursor | null;
}

/**
 * One page of a pull, see `Cursor`. Whatever changes between pages, a row that matched all the time is in one of them at
 * least; a row may be in several, and a page may be empty before the last.
 */
export async function readPage(
  source: Source,
  tql: string,
  next: string | null,
  signal: AbortSignal,
): Promise<ServiceResult<IndicatorPage>> {
  const cursor = next === null ? START : readCursor(next);
  if (cursor === null) {
    return failed(notSent('answer', 'The place to go on from is none. Begin the pull again.'));
  }
  const page =
    cursor.kind === 'keys' ? await readKeys(source, tql, cursor, signal) : await readPlaces(source, cursor, signal);
  if (!page.ok) {
    return page;
  }
  const { read } = page.value;
  return {
    ok: true,
    value: {
      rows: read.rows,
      skipped: read.skipped,
      unreadable: read.unreadable,
      unidentified: read.unidentified,
      next: page.value.next === null ? null : cursorText(page.value.next),
    },
  };
}

async function readKeys(
  source: Source,
  tql: string,
  begun: KeyCursor,
  signal: AbortSignal,
): Promise<ServiceResult<PageRead>> {
  const ordered = await withOrder(source, tql, begun, signal);
  if (!ordered.ok) {
    return ordered;
  }
  const cursor = ordered.value;
  const conditions = keyClauses(cursor);
  const listed = await source.list({ tql, conditions, sorting: 'id asc', limit: source.pageSize }, signal);
  const canFallBack = conditions.length > 0 && cursor.next !== null && cursor.order === 'id';
  const byPlaces = async (): Promise<ServiceResult<PageRead>> =>
    readPlaces(source, { kind: 'places', after: cursor.after, target: cursor.next ?? '', back: null }, signal);
  if (!listed.ok) {
    return listed.fault.kind === 'query' && canFallBack ? byPlaces() : listed;
  }
  const read = await readRows(listed.value.data);
  if (!isWithin(cursor, read.ids)) {
    return canFallBack ? byPlaces() : failed(unreadable('it holds indicators with ids that were not asked for', 200));
  }
  return afterKeys(cursor, read, listed.value.next ?? null);
}

/** `serverNext` is kept of the first page only: by then it is not known yet whether conditions on ids are taken. */
function afterKeys(cursor: KeyCursor, read: ReadRows, serverNext: string | null): ServiceResult<PageRead> {
  const next = advanced(cursor, { ids: read.ids, hasMore: serverNext !== null });
  if (next === 'stuck') {
    return failed(unreadable('a page with more behind it names no new indicator', 200));
  }
  const isFirst = keyClauses(cursor).length === 0;
  return { ok: true, value: { read, next: next === null ? null : { ...next, next: isFirst ? serverNext : null } } };
}

/** Rows of the list's other end: so many, that some that came in between are no order. */
const TRIED = 10;

/**
 * After the first page: whether the server sorts at all. Asked for the other end of the list it then begins with a row
 * behind that page and falls from there; a server that ignores the order gives the beginning again.
 */
async function withOrder(
  source: Source,
  tql: string,
  cursor: KeyCursor,
  signal: AbortSignal,
): Promise<ServiceResult<KeyCursor>> {
  if (cursor.order !== 'unknown' || cursor.after === 0) {
    return { ok: true, value: cursor };
  }
  const listed = await source.list({ tql, conditions: [], sorting: 'id desc', limit: TRIED }, signal);
  if (!listed.ok) {
    return listed;
  }
  const { ids } = await readRows(listed.value.data);
  const sorts = (ids[0] ?? 0) > cursor.after && isAscending(ids.toReversed());
  return { ok: true, value: sorts ? { ...cursor, order: 'id' } : { ...START, order: 'none' } };
}
