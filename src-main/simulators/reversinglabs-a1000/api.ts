import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, SimulatedApi } from '../server/api.ts';
import { drawFrom } from '../server/draw.ts';
import { shuffled } from '../server/shuffle.ts';
import { hashType, isHash, readHashes, readList, type ListRequest } from './request.ts';
import { classificationOf, NOBODY_KNOWS, sampleEntry } from './sample.ts';
import { createShelf, type Shelf } from './shelf.ts';

/** What is odd about every list: pages, and entries nobody asked for. */
export interface ListOddity {
  readonly count?: number;
  readonly next?: string;
  readonly strays?: readonly unknown[];
}

/** The API, and ways to have it say something odd. */
export interface A1000Api {
  readonly api: SimulatedApi;
  readonly shelf: Shelf;
  readonly sayOfLists: (odd: ListOddity) => void;
}

const JSON_TYPE = { 'content-type': 'application/json' } as const;
const LIST = '/api/samples/v2/list/';
const STATUS = '/api/samples/status/';
const CLASSIFICATION = /^\/api\/samples\/v3\/([^/]+)\/classification\/$/;

/**
 * The list, status and classification APIs as the public documentation of Spectra Analyze (A1000) describes them: a
 * token in `Authorization`, bad ones told by 403, paths that end in a slash, lists of what is on the appliance, and a
 * cloud behind it whose look-ups alone are limited, and only those of files that are not on the appliance.
 */
export function createA1000Api(): A1000Api {
  const shelf = createShelf();
  let lists: ListOddity = {};
  return {
    api: {
      name: 'reversinglabs-a1000',
      basePath: '',
      read: (request, world) => read(request, { world, shelf, lists }),
    },
    shelf,
    sayOfLists: (odd) => void (lists = odd),
  };
}

interface Parts {
  readonly world: ApiWorld;
  readonly shelf: Shelf;
  readonly lists: ListOddity;
}

/** The address goes first, then the token, the method, and what was asked: the order of the framework it is built with. */
function read(request: ApiRequest, parts: Parts): ApiReading {
  const { method, path, headers } = request;
  const hash = CLASSIFICATION.exec(path)?.[1];
  const isKnown = (at: string): boolean => at === LIST || at === STATUS || CLASSIFICATION.test(at);
  if (!isKnown(path)) {
    return isKnown(`${path}/`) ? refused(redirect(path, request.query)) : refused(pageNotFound());
  }
  const token = headers['authorization'];
  if (token !== `Token ${parts.world.key}`) {
    const why = token === undefined ? 'Authentication credentials were not provided.' : 'Invalid token.';
    return refused(json(403, { detail: why }));
  }
  if (method !== (hash === undefined ? 'POST' : 'GET')) {
    return refused(json(405, { detail: `Method "${method}" not allowed.` }));
  }
  if (hash !== undefined) {
    return classification(hash, request.query, parts);
  }
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return refused(json(415, { detail: 'Unsupported media type in request.' }));
  }
  return path === LIST ? list(request, parts) : status(request, parts);
}

function list(request: ApiRequest, parts: Parts): ApiReading {
  const asked = readList(request);
  return asked.ok ? free(asked.value.hashes, () => listed(asked.value, parts)) : refused(json(400, asked.error));
}

function listed({ hashes, fields }: ListRequest, { world, shelf, lists }: Parts): ApiAnswer {
  const now = world.now();
  const entries = [...new Set(hashes)].flatMap((hash) => {
    const file = shelf.find(hash, world);
    return file === null || !file.isOnAppliance || file.odd.isLeftOut === true
      ? []
      : [{}, ...(file.odd.again ?? [])].map((more) => sampleEntry(file, fields, now, more));
  });
  const results = [...(lists.strays ?? []), ...shuffled(entries, () => world.random())];
  return json(200, { count: lists.count ?? results.length, next: lists.next ?? null, previous: null, results });
}

function status(request: ApiRequest, { world, shelf }: Parts): ApiReading {
  const asked = readHashes(request);
  if (!asked.ok) {
    return refused(json(400, asked.error));
  }
  const { hashes } = asked.value;
  const wanted = request.query.get('status');
  return free(hashes, () => {
    const results = hashes
      .map((hash) => ({ hash_value: hash, status: isProcessed(hash) ? 'processed' : 'not_found' }))
      .filter((result) => wanted === null || result.status === wanted);
    return json(200, { hash_type: hashType(hashes[0] ?? ''), results });
  });

  function isProcessed(hash: string): boolean {
    const file = shelf.find(hash, world);
    return file !== null && file.isOnAppliance && file.local !== null;
  }
}

/** One hash. The appliance's cloud is asked about what it has not, or has without a verdict; only the former is counted. */
function classification(hash: string, query: URLSearchParams, { world, shelf }: Parts): ApiReading {
  const [local, scanners] = [query.get('localonly') ?? '0', query.get('av_scanners') ?? '0'];
  if (!isHash(hash)) {
    return refused(json(404, { detail: 'Invalid or malformed hash.' }));
  }
  if (![local, scanners].every((value) => value === '0' || value === '1') || (local === '1' && scanners === '1')) {
    return refused(json(400, { detail: 'Invalid value of localonly or av_scanners.' }));
  }
  const file = shelf.find(hash, world);
  if (file?.isOnAppliance === true) {
    const by = file.local === 'unknown' && local === '0' && file.cloud !== null ? 'cloud' : 'appliance';
    return free([hash], () => json(200, classificationOf(file, by, world.now())));
  }
  if (local === '1') {
    return free([hash], () => nobodyKnows(hash));
  }
  return {
    kind: 'asked',
    hashes: [hash.toLowerCase()],
    cost: 1,
    answer: () => (file === null ? nobodyKnows(hash) : json(200, classificationOf(file, 'cloud', world.now()))),
    overLimit: () => json(429, { detail: 'Too many requests: the daily limit of cloud queries is reached.' }),
  };
}

/** The documentation leaves open which of the two it is; it depends on the hash alone. */
function nobodyKnows(hash: string): ApiAnswer {
  return drawFrom(`nobody/${hash.toLowerCase()}`).at(0) < 0.5
    ? json(404, { detail: 'Not found.' })
    : json(200, NOBODY_KNOWS);
}

function free(hashes: readonly string[], answer: () => ApiAnswer): ApiReading {
  return { kind: 'free', hashes: hashes.map((hash) => hash.toLowerCase()), answer: answer() };
}

function refused(answer: ApiAnswer): ApiReading {
  return { kind: 'refused', hashes: [], answer };
}

function json(code: number, value: unknown): ApiAnswer {
  return { status: code, headers: JSON_TYPE, body: JSON.stringify(value) };
}

/** What follows it loses method and body. */
function redirect(path: string, query: URLSearchParams): ApiAnswer {
  const rest = query.size === 0 ? '' : `?${query.toString()}`;
  return {
    status: 301,
    headers: { location: `${path}/${rest}`, 'content-type': 'text/html; charset=utf-8' },
    body: '',
  };
}

function pageNotFound(): ApiAnswer {
  const body =
    '<!doctype html><html lang="en"><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>';
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
