import type { ServiceResult } from '../../../net/service-fault.ts';
import { askTarget } from '../list.ts';
import { readRows } from '../rows/indicator.ts';
import type { ApiBase } from '../wire/base-url.ts';
import { failed } from '../wire/exchange.ts';
import { notSent, unreadable } from '../wire/faults.ts';
import { isAscending, type PlaceCursor } from './cursor.ts';
import type { PageRead, Source } from './pages.ts';

/** What a page may hold, by the interface. */
const MOST_ROWS = 10_000;

/**
 * The server's own next page, from some places earlier. Rows that vanished before it moved the rest forward: when the page
 * does not begin at or before the last id seen, something may lie between, and it is read again from further back.
 */
export async function readPlaces(
  source: Source,
  cursor: PlaceCursor,
  signal: AbortSignal,
): Promise<ServiceResult<PageRead>> {
  const { exchange, pageSize } = source;
  const followed = 'path' in exchange.base ? ownTarget(cursor.target, exchange.base) : exchange.base;
  if (typeof followed !== 'string') {
    return failed(notSent('answer', followed.problem));
  }
  const back = cursor.back ?? Math.ceil(pageSize / 10);
  const { target, start } = movedBack(followed, back, Math.min(MOST_ROWS, pageSize + back));
  const listed = await askTarget(exchange, { target, isOptional: false }, signal);
  if (!listed.ok) {
    return listed;
  }
  const read = await readRows(listed.value.data);
  if (!isAscending(read.ids)) {
    return failed(unreadable('its pages keep no order, and it takes no condition on ids', 200));
  }
  const [first] = read.ids;
  if (start > 0 && (first === undefined || first > cursor.after)) {
    return { ok: true, value: { read, next: { ...cursor, back: back * 4 } } };
  }
  const after = Math.max(cursor.after, read.ids.at(-1) ?? 0);
  const next = listed.value.next ?? null;
  // A page read from further back may end before the place it was to begin at, and bring nothing new; no other may.
  const least = (cursor.back === null ? placeOf(followed) : start) ?? 0;
  return next !== null && after === cursor.after && (placeOf(next) ?? 0) <= least
    ? failed(unreadable('its next page does not go on', 200))
    : { ok: true, value: { read, next: next === null ? null : { kind: 'places', after, target: next, back: null } } };
}

/**
 * Path and query of a next page. Nothing is signed for another host than the configured one, and nothing is asked without
 * the query and the tags it began with: all there is would come back, or nothing would be excluded.
 */
function ownTarget(next: string, base: ApiBase): string | { readonly problem: string } {
  const url = URL.parse(next, base.origin);
  if (url === null || url.origin !== base.origin) {
    const where = url === null || url.host === '' ? 'an address that is none' : url.origin;
    return {
      problem:
        `ThreatConnect continues its list at ${where}, not at ${base.origin}. Nothing was sent there. ` +
        'Check the ThreatConnect address, and whether a proxy changes answers.',
    };
  }
  if (url.pathname !== `${base.path}/v3/indicators`) {
    return { problem: 'ThreatConnect continues its list at another place of its interface, so it is not followed.' };
  }
  return url.searchParams.has('tql') && url.searchParams.getAll('fields').includes('tags')
    ? url.pathname + url.search
    : { problem: 'ThreatConnect continues its list without the query it began with, so it is not followed.' };
}

/** The same query from some places earlier, its other bytes untouched; `start` 0 when it tells no place. */
function movedBack(target: string, back: number, limit: number): { readonly target: string; readonly start: number } {
  const given = placeOf(target);
  if (given === null) {
    return { target, start: 0 };
  }
  const start = Math.max(0, given - back);
  return {
    start,
    target: target.replace(/([?&]resultStart=)\d+/, `$1${start}`).replace(/([?&]resultLimit=)\d+/, `$1${limit}`),
  };
}

/** Where in the list a page begins; null when its query does not say. */
function placeOf(target: string): number | null {
  const given = /[?&]resultStart=(\d{1,9})(?=&|$)/.exec(target)?.[1];
  return given === undefined ? null : Number(given);
}
