import type { ApiAnswer, ApiReading, ApiRequest, SimulatedApi } from '../server/api.ts';
import { ApiError, json, v2Failure, v3Error } from './answers.ts';
import { whyRefused, type Credentials } from './auth.ts';
import { createCatalog, type Catalog } from './catalog.ts';
import { deletedPage } from './deleted.ts';
import { THREATCONNECT_FAULTS } from './faults.ts';
import { indicatorPage, links, window, type PageHook } from './page.ts';
import { readParameters, type Parameters } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import { OPTIONAL_FIELDS, wantedFields, wireRow } from './rows.ts';
import { TqlError } from './tql/tokens.ts';
import type { World } from './world/world.ts';

/** What the API is made of. `quirks` is looked at with every request; `spend` counts one of those still let in. */
export interface ApiParts {
  readonly world: World;
  readonly credentials: Credentials;
  readonly quirks: () => Quirks;
  readonly spend: () => void;
  readonly onPage: PageHook;
  readonly scheme: 'http' | 'https';
}

interface Asked extends ApiParts {
  readonly request: ApiRequest;
  readonly parameters: Parameters;
  readonly catalog: Catalog;
  /** Milliseconds by the instance's clock. */
  readonly now: number;
}

type Route = (asked: Asked) => ApiAnswer;

const INDICATORS = '/api/v3/indicators';

/** The v3 interface of ThreatConnect as far as indicators and owners are read. */
export function createThreatConnectApi(parts: ApiParts): SimulatedApi {
  const catalog = createCatalog(parts.world, parts.quirks);
  return {
    name: 'threatconnect',
    basePath: '',
    faults: THREATCONNECT_FAULTS,
    read(request, world) {
      const now = world.now() + parts.quirks().clockSkewMs;
      const arrived = parts.quirks().losesBodies ? { ...request, body: Buffer.alloc(0) } : request;
      return dated(read(arrived, parts, catalog, now), now);
    },
  };
}

function read(request: ApiRequest, parts: ApiParts, catalog: Catalog, now: number): ApiReading {
  const refused = refusal(request, parts, now);
  if (refused !== null) {
    return { kind: 'refused', hashes: [], about: aboutOf(request), answer: refused };
  }
  parts.spend();
  return {
    kind: 'asked',
    hashes: [],
    about: aboutOf(request),
    cost: 1,
    answer: () => met(() => routeOf(request)({ ...parts, request, parameters: readParameters(request), catalog, now })),
    overLimit: (_, resetsAt) => {
      const seconds = Math.max(1, Math.ceil((resetsAt - now) / 1000));
      const answer = v2Failure(429, 'Too many requests');
      return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds), date: httpDate(now) } };
    },
  };
}

function refusal(request: ApiRequest, { quirks, credentials }: ApiParts, now: number): ApiAnswer | null {
  const { longestTarget, expiresAfter, refusesBy } = quirks();
  if (request.target.length > longestTarget) {
    return { status: 414, headers: { 'content-type': 'text/html' }, body: '<h1>414 Request-URI Too Long</h1>\n' };
  }
  if (!request.path.startsWith('/api/')) {
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404 Not Found</h1>\n' };
  }
  const why = whyRefused(request, credentials, now) ?? (expiresAfter === 0 ? 'Expired or invalid token' : null);
  if (why === null) {
    return null;
  }
  return refusesBy === 'v3' ? v3Error('0x1002', why) : v2Failure(401, why);
}

function met(answer: () => ApiAnswer): ApiAnswer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ApiError) {
      return v3Error(error.code, error.message);
    }
    if (error instanceof TqlError) {
      return v3Error('0x2001', `Error parsing TQL at position ${error.position}: ${error.message}`);
    }
    throw error;
  }
}

function routeOf({ method, path }: ApiRequest): Route {
  const routes = ROUTES[path] ?? (path.startsWith(`${INDICATORS}/`) ? { GET: oneIndicator } : null);
  if (routes === null) {
    throw new ApiError('0x1004', 'no such resource');
  }
  const route = routes[method];
  if (route === undefined) {
    throw new ApiError('0x1005', `${method} is not allowed here`);
  }
  return route;
}

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/api/v3/security/owners': { GET: owners },
  [INDICATORS]: { GET: indicatorPage },
  [`${INDICATORS}/deleted`]: { GET: deletedPage },
  [`${INDICATORS}/tql`]: { OPTIONS: keywords },
  [`${INDICATORS}/fields`]: { OPTIONS: fields },
};

function owners(asked: Asked): ApiAnswer {
  const { start, limit } = window(asked.parameters);
  const told = asked.world.owners().map((owner) => ({ ...owner, ownerRole: 'Read Only User', permTag: 'READ' }));
  return json({
    ...links(asked, start, limit, told.length),
    data: told.slice(start, start + limit),
    status: 'Success',
  });
}

/** By id, or by summary in one owner; inactive ones as well. */
function oneIndicator({ request, parameters, catalog, world }: Asked): ApiAnswer {
  const named = nameIn(request.path);
  const owner = parameters.one('owner');
  const place = catalog.ownerFor(owner).name;
  const found = /^\d+$/.test(named)
    ? world.get(Number(named))
    : world
        .indicators()
        .find((row) => row.owner === place && [row.summary, row.md5, row.sha1, row.sha256].includes(named));
  if (found === undefined || (owner !== null && found.owner !== owner)) {
    throw new ApiError('0x1004', 'no such indicator');
  }
  catalog.ownerFor(found.owner);
  return json({ data: wireRow(found, wantedFields(parameters.all('fields')), world), status: 'Success' });
}

function nameIn(path: string): string {
  try {
    return decodeURIComponent(path.slice(INDICATORS.length + 1));
  } catch {
    throw new ApiError('0x1001', 'the path is not percent-encoded UTF-8');
  }
}

function keywords({ catalog }: Asked): ApiAnswer {
  const data = [...catalog.vocabulary.parameters.values()].map(({ name, type, description }) => ({
    keyword: name,
    name,
    type,
    description,
  }));
  return json({ data, count: data.length, status: 'Success' });
}

function fields(): ApiAnswer {
  const data = OPTIONAL_FIELDS.map((name) => ({ name, description: `Includes ${name}`, includedByDefault: false }));
  return json({ data, count: data.length, status: 'Success' });
}

/** What the log says about a request besides the path. */
function aboutOf(request: ApiRequest): Record<string, unknown> {
  try {
    const parameters = readParameters(request);
    return { tql: parameters.one('tql') ?? '', resultStart: Number(parameters.one('resultStart') ?? 0) };
  } catch {
    // What cannot be read is answered 400; the log only says that it came.
    return { tql: '', resultStart: 0 };
  }
}

/** Every answer tells the instance's own time. */
function dated(reading: ApiReading, now: number): ApiReading {
  const stamped = (answer: ApiAnswer): ApiAnswer => ({
    ...answer,
    headers: { date: httpDate(now), ...answer.headers },
  });
  return reading.kind === 'asked'
    ? { ...reading, answer: () => stamped(reading.answer()) }
    : { ...reading, answer: stamped(reading.answer) };
}

function httpDate(now: number): string {
  return new Date(now).toUTCString();
}
