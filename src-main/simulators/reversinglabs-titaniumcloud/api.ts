import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, LimitName, SimulatedApi } from '../server/api.ts';
import { jsonAnswer, statusAnswer, xmlAnswer } from './answers.ts';
import { hashType, isHash, readBulk } from './bulk.ts';
import { presenceOf, type HashType, type Presence, type Wanted } from './presence.ts';
import { limitsReport, usageReport } from './usage.ts';

/** The API, and a way to have it say something odd. */
export interface TitaniumCloudApi {
  readonly api: SimulatedApi;
  /** Puts down every entry it gives for a digest, word for word; none leaves it out, `invalid` calls it malformed. */
  readonly say: (hash: string, entries: readonly Presence[] | 'invalid') => void;
}

/** The account it knows; the key is its password. */
export const SIMULATED_USER = 'u/simulated/analyst';

const PRESENCE = '/api/databrowser/malware_presence';
const USAGE = '/api/customer_usage/v1';

type Said = (hash: string) => readonly Presence[] | 'invalid' | undefined;

/**
 * File reputation (TCA-0101) and customer usage (TCA-9999) as ReversingLabs' public documentation describes them: HTTP
 * Basic, XML unless JSON is asked for, hashes and details only on request, 100 digests of one kind per bulk request. Each
 * valid digest counts, and only in an answer with status 200.
 */
export function createTitaniumCloudApi(): TitaniumCloudApi {
  const said = new Map<string, readonly Presence[] | 'invalid'>();
  return {
    api: {
      name: 'reversinglabs-titaniumcloud',
      basePath: '',
      countsOnlyOk: true,
      read: (request, world) => read(request, world, (hash) => said.get(hash.toLowerCase())),
    },
    say: (hash, entries) => void said.set(hash.toLowerCase(), entries),
  };
}

function read(request: ApiRequest, world: ApiWorld, said: Said): ApiReading {
  const { method, path } = request;
  if (request.headers['authorization'] !== `Basic ${btoa(`${SIMULATED_USER}:${world.key}`)}`) {
    const challenge = { 'www-authenticate': 'Basic realm="ReversingLabs"' };
    return refused(statusAnswer(401, 'Unauthorized', challenge));
  }
  const [, type, hash] = new RegExp(`^${PRESENCE}/query/([^/]+)/([^/]+)$`).exec(path) ?? [];
  if (method === 'GET' && hash !== undefined) {
    return readSingle(request, hashType(type), hash, world, said);
  }
  if (method === 'POST' && path === `${PRESENCE}/bulk_query/json`) {
    return readMany(request, world, said);
  }
  if (method === 'GET' && path === `${USAGE}/usage/daily`) {
    return { kind: 'free', hashes: [], answer: formatted(request, usageReport(world)) };
  }
  if (method === 'GET' && path === `${USAGE}/limits`) {
    return { kind: 'free', hashes: [], answer: formatted(request, limitsReport(world)) };
  }
  return refused(statusAnswer(404, 'Not Found'));
}

function readSingle(request: ApiRequest, type: HashType | null, hash: string, world: ApiWorld, said: Said): ApiReading {
  if (type === null || !isHash(hash, type) || said(hash) === 'invalid') {
    return refused(statusAnswer(400, 'Bad Request'));
  }
  const answer = (): ApiAnswer => {
    const [entry] = entriesOf({ hash, type }, request, world, said);
    return formatted(request, { malware_presence: entry ?? {} });
  };
  return {
    kind: 'asked',
    hashes: [hash.toLowerCase()],
    cost: 1,
    answer,
    overLimit: (...of) => overLimit(world, ...of),
  };
}

function readMany(request: ApiRequest, world: ApiWorld, said: Said): ApiReading {
  const question = readBulk(request);
  if ('refusedWith' in question) {
    const { refusedWith } = question;
    return refused(statusAnswer(refusedWith, refusedWith === 400 ? 'Bad Request' : 'Unsupported Media Type'));
  }
  const { type } = question;
  const valid = question.valid.filter((hash) => said(hash) !== 'invalid');
  const invalid = [...question.invalid, ...question.valid.filter((hash) => said(hash) === 'invalid')];
  const answer = (): ApiAnswer => {
    const entries = valid.flatMap((hash) => entriesOf({ hash, type }, request, world, said));
    const order = entries.map((entry) => ({ entry, at: world.random() })).sort((a, b) => a.at - b.at);
    const malformed = invalid.length === 0 ? {} : { invalid_hashes: invalid };
    return jsonAnswer({ rl: { entries: order.map(({ entry }) => entry), ...malformed } });
  };
  return {
    kind: 'asked',
    hashes: valid.map((hash) => hash.toLowerCase()),
    cost: valid.length,
    answer,
    overLimit: (...of) => overLimit(world, ...of),
  };
}

function entriesOf(
  asked: { readonly hash: string; readonly type: HashType },
  { query }: ApiRequest,
  world: ApiWorld,
  said: Said,
): readonly Presence[] {
  const isOn = (name: string): boolean => query.get(name)?.toLowerCase() === 'true';
  const wanted: Wanted = { extended: isOn('extended'), showHashes: isOn('show_hashes') };
  const odd = said(asked.hash);
  return odd === undefined || odd === 'invalid'
    ? [presenceOf(asked, world.find(asked.hash), wanted, world.now())]
    : odd;
}

/** XML is the default of every path that takes a format. */
function formatted({ query }: ApiRequest, inside: Presence): ApiAnswer {
  return query.get('format') === 'json' ? jsonAnswer({ rl: inside }) : xmlAnswer('rl', inside);
}

/**
 * A spent day or month is a 429 without a word. The documentation gives a rate only per second and no answer to it; a
 * minute is refused as RFC 6585 suggests, with the time to wait.
 */
function overLimit(world: ApiWorld, limit: LimitName, resetsAt: number): ApiAnswer {
  const seconds = Math.max(1, Math.ceil((resetsAt - world.now()) / 1000));
  return statusAnswer(429, 'Too Many Requests', limit === 'minute' ? { 'retry-after': String(seconds) } : {});
}

function refused(answer: ApiAnswer): ApiReading {
  return { kind: 'refused', hashes: [], answer };
}
