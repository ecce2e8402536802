import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, SimulatedApi } from '../server/api.ts';
import { shuffled } from '../server/shuffle.ts';
import { errorAnswer, gatewayAnswer, jsonAnswer } from './answers.ts';
import { bulkEntry, type EntryShape } from './bulk-entry.ts';
import { hashCard } from './hash-card.ts';

/** What is to be said about a hash instead of what is drawn. */
export interface Oddity {
  /** Entries of bulk answers, as they are; none leaves the hash out. */
  readonly entries?: readonly unknown[];
  /** Fields put over those of a single answer. */
  readonly with?: Readonly<Record<string, unknown>>;
  /** Fields left out of it. */
  readonly without?: readonly string[];
}

/** The API, and ways to have it say something odd, or nothing by chance. */
export interface RecordedFutureApi {
  readonly api: SimulatedApi;
  readonly say: (hash: string, odd: Oddity) => void;
  /** From now on every optional key comes, in the order that was asked, once each, in lower case, uncompressed. */
  readonly plainly: () => void;
}

const BULK_PATHS = new Set(['/v2/soar/enrichment', '/soar/v3/enrichment']);
const MOST_ENTITIES = 1000;
const KINDS = new Set(['ip', 'domain', 'url', 'hash', 'vulnerability', 'companybydomain']);
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * Bulk enrichment by both of its paths and `GET /v2/hash/{hash}`, as the vendor's client, its published connector
 * definitions and recordings in public integrations show them: the token in `X-RFToken`, a call each, 404 for a hash
 * nothing is known of, 403 once the day's quota is spent, 429 for too many at a time.
 */
export function createRecordedFutureApi(): RecordedFutureApi {
  const odd = new Map<string, Oddity>();
  let isPlain = false;
  return {
    api: {
      name: 'recorded-future',
      basePath: '',
      read: (request, world) => read(request, world, { oddityOf: (hash) => odd.get(hash) ?? {}, isPlain }),
    },
    say: (hash, what) => void odd.set(hash.toLowerCase(), what),
    plainly: () => {
      isPlain = true;
    },
  };
}

interface Manner {
  readonly oddityOf: (hash: string) => Oddity;
  readonly isPlain: boolean;
}

function read(request: ApiRequest, world: ApiWorld, manner: Manner): ApiReading {
  const token = request.headers['x-rftoken'];
  if (token === undefined || token === '') {
    return refused(errorAnswer(401, 'Missing authentication token'));
  }
  if (token !== world.key) {
    return refused(errorAnswer(401, 'Invalid authentication token'));
  }
  if (request.method === 'POST' && BULK_PATHS.has(request.path)) {
    return readBulk(request, world, manner);
  }
  const hash = /^\/v2\/hash\/([^/]+)$/.exec(request.path)?.[1];
  return request.method === 'GET' && hash !== undefined
    ? asked([hash.toLowerCase()], () => single(hash.toLowerCase(), request, world, manner))
    : refused(gatewayAnswer(404, 'No such path'));
}

function readBulk(request: ApiRequest, world: ApiWorld, manner: Manner): ApiReading {
  const wanted = wantedOf(request.body);
  if (typeof wanted === 'string') {
    return refused(gatewayAnswer(400, wanted));
  }
  return asked(wanted, () => {
    const results = wanted.flatMap((hash) => entriesOf(hash, world, manner));
    const mixed = manner.isPlain ? results : shuffled(results, () => world.random());
    const counts = { counts: { returned: results.length, total: results.length } };
    const withCounts = manner.isPlain || world.random() < 0.5;
    return jsonAnswer(
      { data: { results: mixed }, ...(withCounts ? counts : {}) },
      isGzipWanted(request) && !manner.isPlain,
    );
  });
}

/** The hashes of a body, lower case, or what is wrong with it. Entities of other kinds are taken and not answered. */
function wantedOf(body: Buffer): readonly string[] | string {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return 'The body is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'The body is no object';
  }
  const lists = Object.entries(value);
  const unknown = lists.find(([kind]) => !KINDS.has(kind));
  if (unknown !== undefined) {
    return `Unknown entity kind ${unknown[0]}`;
  }
  const total = lists.reduce((sum, [, list]) => sum + (Array.isArray(list) ? list.length : 0), 0);
  if (total === 0 || total > MOST_ENTITIES) {
    return `Between 1 and ${MOST_ENTITIES} entities are taken`;
  }
  const hashes = lists.find(([kind]) => kind === 'hash')?.[1];
  return Array.isArray(hashes) ? hashes.map((hash) => String(hash).toLowerCase()) : [];
}

/** A hash without a record is left out, or has a score of 0; now and then an entry comes twice. */
function entriesOf(hash: string, world: ApiWorld, { oddityOf, isPlain }: Manner): readonly unknown[] {
  const { entries } = oddityOf(hash);
  if (entries !== undefined) {
    return entries;
  }
  const record = HASH.test(hash) ? world.find(hash) : null;
  if (record === null && (isPlain || world.random() < 0.6)) {
    return [];
  }
  const entry = bulkEntry(hash, record, isPlain ? PLAIN : shapeBy(() => world.random()), world.now());
  return !isPlain && world.random() < 0.02 ? [entry, entry] : [entry];
}

const PLAIN: EntryShape = { evidence: true, context: true, count: true, upperCase: false };

function shapeBy(random: () => number): EntryShape {
  return {
    evidence: random() < 0.8,
    context: random() < 0.7,
    count: random() < 0.9,
    upperCase: random() < 0.1,
  };
}

function single(hash: string, request: ApiRequest, world: ApiWorld, manner: Manner): ApiAnswer {
  const record = HASH.test(hash) ? world.find(hash) : null;
  const odd = manner.oddityOf(hash);
  if (record === null && odd.with === undefined) {
    return errorAnswer(404, 'Not found');
  }
  const card = record === null ? {} : hashCard(hash, record, request.query.get('fields'), world.now());
  const without = new Set(odd.without);
  const data = Object.entries({ ...card, ...odd.with }).filter(([name]) => !without.has(name));
  return jsonAnswer({ data: Object.fromEntries(data) }, isGzipWanted(request) && !manner.isPlain);
}

function asked(hashes: readonly string[], answer: () => ApiAnswer): ApiReading {
  return {
    kind: 'asked',
    hashes,
    cost: 1,
    answer,
    overLimit: (limit) =>
      limit === 'minute' ? errorAnswer(429, 'Too Many Requests') : errorAnswer(403, 'API quota exceeded'),
  };
}

function refused(answer: ApiAnswer): ApiReading {
  return { kind: 'refused', hashes: [], answer };
}

function isGzipWanted({ headers }: ApiRequest): boolean {
  return /\bgzip\b/i.test(headers['accept-encoding'] ?? '');
}
