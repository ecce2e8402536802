import type { ApiAnswer, ApiRequest } from '../server/api.ts';
import { ApiError, json } from './answers.ts';
import type { Catalog } from './catalog.ts';
import type { Parameters } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import { wantedFields, wireRow } from './rows.ts';
import type { World } from './world/world.ts';

/** A page of a list that was answered and is followed by another one. */
export interface AnsweredPage {
  readonly tql: string;
  readonly resultStart: number;
  readonly rows: number;
}

/** Told of each page but the last, after it was made and before another request is looked at. */
export type PageHook = (page: AnsweredPage) => void;

/** What a list is made from. */
export interface PageParts {
  readonly request: ApiRequest;
  readonly parameters: Parameters;
  readonly catalog: Catalog;
  readonly world: World;
  readonly quirks: () => Quirks;
  readonly now: number;
  /** Of the links it gives: the one it is asked by. */
  readonly scheme: 'http' | 'https';
  readonly onPage: PageHook;
}

/** Rows one page may hold. */
export const MOST_ROWS = 10_000;
const USUAL_ROWS = 100;

/** `GET /indicators`: one page of what matches. */
export function indicatorPage(parts: PageParts): ApiAnswer {
  const { parameters, catalog, world, quirks, now, onPage } = parts;
  const fields = wantedFields(parameters.all('fields'));
  const tql = parameters.one('tql') ?? '';
  const question = { tql, sorting: parameters.one('sorting') ?? '', owner: parameters.one('owner') };
  const list = catalog.list(question, now);
  const { start, limit } = window(parameters);
  const first = start === 0 ? 0 : Math.max(0, start - quirks().repeatsRows);
  const rows = list.slice(first, start + limit);
  const answer = json({
    ...links(parts, start, limit, list.length),
    data: rows.map((row) => wireRow(row, fields, world)),
    ...(isCounted(parameters) && start === 0 ? { count: list.length } : {}),
    status: 'Success',
  });
  if (start + limit < list.length) {
    onPage({ tql, resultStart: start, rows: rows.length });
  }
  return answer;
}

/** Where a page begins and how much it holds; ApiError for what is out of bounds. */
export function window(parameters: Parameters): { readonly start: number; readonly limit: number } {
  return {
    start: parameters.count('resultStart', { least: 0, most: 999_999_999, usual: 0 }),
    limit: parameters.count('resultLimit', { least: 1, most: MOST_ROWS, usual: USUAL_ROWS }),
  };
}

/** `next` and `prev`, absolute, where there is such a page. */
export function links(
  { request, parameters, quirks, scheme }: PageParts,
  start: number,
  limit: number,
  total: number,
): { readonly next?: string; readonly prev?: string } {
  const at = (position: number): string => {
    const kept = ['tql', 'fields', 'sorting', 'owner', 'type', 'deletedSince'].flatMap((name) =>
      parameters.all(name).map((value) => `${name}=${encodeURIComponent(value)}`),
    );
    const query = [...kept, `resultStart=${position}`, `resultLimit=${limit}`].join('&');
    return `${originOf(request, scheme, quirks().nextHost)}${request.path}?${query}`;
  };
  return {
    ...(start + limit < total ? { next: at(start + limit) } : {}),
    ...(start > 0 ? { prev: at(Math.max(0, start - limit)) } : {}),
  };
}

function originOf({ headers }: ApiRequest, scheme: string, nextHost: string | null): string {
  return `${scheme}://${nextHost ?? headers['host'] ?? ''}`;
}

function isCounted(parameters: Parameters): boolean {
  const said = parameters.one('count');
  if (said !== null && said !== 'true' && said !== 'false') {
    throw new ApiError('0x1001', 'count is true or false');
  }
  return said === 'true';
}
