import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, SimulatedApi } from '../server/api.ts';
import { errorAnswer, objectAnswer } from './answers.ts';
import { fileObject, type Oddity } from './file-object.ts';

/** The API, and a way to have it say something odd. */
export interface VirusTotalApi {
  readonly api: SimulatedApi;
  /** Puts down what is odd about the file object of a digest. */
  readonly say: (hash: string, odd: Oddity) => void;
}

/** What the quota endpoint gives for a window without a limit. */
const NO_LIMIT = 1_000_000_000;

/**
 * `GET /files/{id}` and `GET /users/{id}/overall_quotas` as docs.virustotal.com describes API v3: the key in `x-apikey`,
 * every lookup counted, found or not, errors as `{error: {code, message}}`, no `Retry-After`.
 */
export function createVirusTotalApi(): VirusTotalApi {
  const odd = new Map<string, Oddity>();
  return {
    api: {
      name: 'virustotal',
      basePath: '/api/v3',
      read: (request, world) => read(request, world, (hash) => odd.get(hash.toLowerCase()) ?? {}),
    },
    say: (hash, what) => void odd.set(hash.toLowerCase(), what),
  };
}

function read(request: ApiRequest, world: ApiWorld, oddityOf: (hash: string) => Oddity): ApiReading {
  const key = request.headers['x-apikey'];
  if (key === undefined || key === '') {
    return refused(errorAnswer(401, 'AuthenticationRequiredError', 'X-Apikey header is missing'));
  }
  if (key !== world.key) {
    return refused(errorAnswer(401, 'WrongCredentialsError', 'Wrong API key'));
  }
  const user = /^\/users\/([^/]+)\/overall_quotas$/.exec(request.path)?.[1];
  const file = /^\/files\/([^/]+)$/.exec(request.path)?.[1];
  if (request.method !== 'GET' || (user === undefined && file === undefined)) {
    return refused(errorAnswer(404, 'NotFoundError', `Resource "${request.path}" not found`));
  }
  if (file === undefined) {
    return user === encodeURIComponent(key)
      ? { kind: 'free', hashes: [], answer: objectAnswer({ data: quotas(world) }, isGzipWanted(request)) }
      : refused(errorAnswer(403, 'ForbiddenError', 'You are not authorized to perform the requested operation'));
  }
  return /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(file)
    ? asked(file, request, world, oddityOf)
    : refused(errorAnswer(400, 'InvalidArgumentError', `"${file}" is not a valid hash`));
}

function asked(hash: string, request: ApiRequest, world: ApiWorld, oddityOf: (hash: string) => Oddity): ApiReading {
  return {
    kind: 'asked',
    hashes: [hash.toLowerCase()],
    cost: 1,
    answer() {
      const record = world.find(hash);
      return record === null
        ? errorAnswer(404, 'NotFoundError', `File "${hash}" not found`)
        : objectAnswer(fileObject(record, world.now(), oddityOf(hash)), isGzipWanted(request));
    },
    overLimit: () => errorAnswer(429, 'QuotaExceededError', 'Quota exceeded'),
  };
}

function refused(answer: ApiAnswer): ApiReading {
  return { kind: 'refused', hashes: [], answer };
}

/** The front end compresses for clients that ask for it and also name gzip in their User-Agent. */
function isGzipWanted({ headers }: ApiRequest): boolean {
  return /\bgzip\b/i.test(headers['accept-encoding'] ?? '') && /gzip/i.test(headers['user-agent'] ?? '');
}

/** The hour is told too, but nothing here counts by it. */
function quotas(world: ApiWorld): unknown {
  const { minute, day, month } = world.limits();
  const quota = (used: number, allowed: number | null): unknown => ({ user: { used, allowed: allowed ?? NO_LIMIT } });
  return {
    api_requests_hourly: quota(minute.used, minute.allowed === null ? null : minute.allowed * 60),
    api_requests_daily: quota(day.used, day.allowed),
    api_requests_monthly: quota(month.used, month.allowed),
  };
}
