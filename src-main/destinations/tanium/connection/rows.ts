import type { ServiceFault, ServiceResult } from '../../../net/service-fault.ts';
import type { Body } from './body.ts';
import type { Caller } from './caller.ts';
import { oddAnswer } from './faults.ts';
import { isObject, unwrapped, wholeNumber, type Fields } from './fields.ts';
import { failed, type Answer, type Ask } from './sender.ts';

/** A row with the id it has at the server. */
export interface Row {
  readonly id: number;
  readonly fields: Fields;
}

/** A list to be read, and what of it. */
export interface Listing<T> {
  /** Without `limit` and `offset`; may hold other parameters. */
  readonly path: string;
  readonly what: string;
  /** Rows a page holds at most. */
  readonly limit: number;
  /** Of a page; without pages, four times as much. */
  readonly maxBytes?: number;
  /** What is kept of a row: rows may hold much that nobody needs. */
  read(row: Row): T;
}

/** No installation has so many pages: a server that always tells something new is not listened to for ever. */
const MOST_PAGES = 2000;

/** The objects of a list, bare or wrapped; null when the body is no list. Entries that are no objects are left out. */
export function rowsIn(body: Body): readonly Fields[] | null {
  const value = body.kind === 'json' ? unwrapped(body.value) : null;
  return Array.isArray(value) ? value.filter(isObject) : null;
}

/**
 * Every row of a list, each id once. Pages are asked for until one tells nothing new: a short page is not the end, because
 * servers may hold fewer rows in a page than were asked for. Where `offset` is not obeyed, everything is asked for at
 * once. A page too long to be read is asked for in smaller ones.
 */
export async function allRows<T>(
  call: Caller,
  listing: Listing<T>,
  signal: AbortSignal,
): Promise<ServiceResult<readonly T[]>> {
  const rows = new Map<number, T>();
  let { limit } = listing;
  let received = 0;
  let last: Answer | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call(asked(listing, `limit=${limit}&offset=${received}`, limit > 1), signal);
    if (isTooLong(answer) && limit > 1) {
      limit = Math.max(1, Math.floor(limit / 4));
      continue;
    }
    const list = listOf(answer);
    if (!list.ok) {
      return list;
    }
    last = answer;
    const { length } = list.value;
    const news = add(rows, list.value, listing);
    if (length === 0) {
      return { ok: true, value: [...rows.values()] };
    }
    if (news === 0 && rows.size === 0) {
      return { ok: false, fault: brokenList(listing, 'names no ids', answer) };
    }
    if (news === 0) {
      return addAll(call, listing, rows, signal);
    }
    received += length;
  }
  return { ok: false, fault: brokenList(listing, 'does not come to an end', last) };
}

/**
 * Every row of a list that tells all at once (`noLimit=true`). A round number of rows may be a page of a server that does
 * not know the parameter: the rest is asked for page by page.
 */
export async function allAtOnce<T>(
  call: Caller,
  listing: Listing<T>,
  signal: AbortSignal,
): Promise<ServiceResult<readonly T[]>> {
  const rows = new Map<number, T>();
  const list = listOf(await call(asked(listing, 'noLimit=true', false), signal));
  if (!list.ok) {
    return list;
  }
  add(rows, list.value, listing);
  const isWhole = list.value.length === 0 || list.value.length % 100 !== 0;
  return isWhole ? { ok: true, value: [...rows.values()] } : allRows(call, listing, signal);
}

/** The second page was the first one again: this server does not obey `offset`. */
async function addAll<T>(
  call: Caller,
  listing: Listing<T>,
  rows: Map<number, T>,
  signal: AbortSignal,
): Promise<ServiceResult<readonly T[]>> {
  const list = listOf(await call(asked(listing, 'noLimit=true', false), signal));
  if (!list.ok) {
    return list;
  }
  add(rows, list.value, listing);
  return { ok: true, value: [...rows.values()] };
}

function asked<T>({ path, what, maxBytes }: Listing<T>, parameters: string, isPage: boolean): Ask {
  return {
    method: 'GET',
    path: `${path}${path.includes('?') ? '&' : '?'}${parameters}`,
    what,
    ...(maxBytes === undefined ? {} : { maxBytes: isPage ? maxBytes : 4 * maxBytes }),
  };
}

function listOf(answer: Answer): ServiceResult<readonly Fields[]> {
  if (!answer.ok) {
    return failed(answer);
  }
  const rows = rowsIn(answer.body);
  return rows === null
    ? { ok: false, fault: oddAnswer(answer.status, 'is no list', answer.asking) }
    : { ok: true, value: rows };
}

/** How many of them were new. Rows without an id cannot be told apart and are none. */
function add<T>(rows: Map<number, T>, list: readonly Fields[], listing: Listing<T>): number {
  const before = rows.size;
  for (const fields of list) {
    const id = wholeNumber(fields['id']);
    if (id !== null) {
      rows.set(id, listing.read({ id, fields }));
    }
  }
  return rows.size - before;
}

function isTooLong(answer: Answer): boolean {
  return !answer.ok && answer.fault.kind === 'answer' && answer.fault.httpStatus === null;
}

function brokenList<T>({ what }: Listing<T>, how: string, answer: Answer | null): ServiceFault {
  return {
    kind: 'answer',
    message: `What Tanium tells, asked to ${what}, ${how}: nothing of it is used.`,
    httpStatus: answer?.ok === true ? answer.status : null,
    retryAfterMs: null,
    sent: true,
    isPassing: false,
  };
}
