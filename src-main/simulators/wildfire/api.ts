import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, LimitName, SimulatedApi } from '../server/api.ts';
import { readForm, type Form } from './form.ts';
import { shuffled } from '../server/shuffle.ts';
import { verdictOf } from './verdicts.ts';
import { errorDocument, verdictDocument, type VerdictInfo } from './xml.ts';

/** The API, and a way to have it say something odd. */
export interface WildFireApi {
  readonly api: SimulatedApi;
  /** Puts down every entry it gives for a hash, word for word; an empty list leaves the hash out of the answer. */
  readonly say: (hash: string, infos: readonly VerdictInfo[]) => void;
}

const MOST_ENTRIES = 500;
const AGENTS: readonly (string | undefined)[] = [undefined, 'pcc', 'prismaaccessapi'];
/** Share of answers with blank lines before the XML declaration, as the cloud sends them now and then. */
const BLANK_SHARE = 0.3;

/**
 * `POST /get/verdict` and `POST /get/verdicts` as Palo Alto Networks' public "WildFire API" guide describes them: the key
 * as a form field or as a bearer token, errors with the guide's status codes, one entry per line in no promised order.
 */
export function createWildFireApi(): WildFireApi {
  const said = new Map<string, readonly VerdictInfo[]>();
  const entriesOf = (line: string, world: ApiWorld): readonly VerdictInfo[] =>
    said.get(line.toLowerCase()) ?? [verdictOf(line, world)];
  return {
    api: { name: 'wildfire', basePath: '/publicapi', read: (request, world) => read(request, world, entriesOf) },
    say: (hash, infos) => void said.set(hash.toLowerCase(), infos),
  };
}

type EntriesOf = (line: string, world: ApiWorld) => readonly VerdictInfo[];

function read(request: ApiRequest, world: ApiWorld, entriesOf: EntriesOf): ApiReading {
  const isBatch = request.path === '/get/verdicts';
  if (!isBatch && request.path !== '/get/verdict') {
    return refused(404, 'Not Found');
  }
  if (request.method !== 'POST') {
    return refused(405, 'Method Not Allowed');
  }
  const form = readForm(request);
  if (form === null) {
    return refused(415, 'Unsupported Media Type');
  }
  if (keyOf(request, form) !== world.key) {
    return refused(401, 'Invalid API key');
  }
  if (!AGENTS.includes(form.get('agent'))) {
    return refused(421, 'Invalid argument agent');
  }
  const lines = isBatch ? linesOf(form.get('file')) : hashOf(form.get('hash'));
  return 'status' in lines ? refused(lines.status, lines.message) : asked(lines, world, entriesOf);
}

function asked(lines: readonly string[], world: ApiWorld, entriesOf: EntriesOf): ApiReading {
  return {
    kind: 'asked',
    hashes: lines.map((line) => line.toLowerCase()),
    cost: 1,
    answer: () => {
      const blank = world.random() < BLANK_SHARE ? '\n\n' : '';
      const infos = lines.flatMap((line) => entriesOf(line, world));
      return verdictDocument(
        shuffled(infos, () => world.random()),
        blank,
      );
    },
    overLimit: (limit) => overLimit(limit),
  };
}

function overLimit(limit: LimitName): ApiAnswer {
  return limit === 'minute'
    ? errorDocument(429, 'Too many requests')
    : errorDocument(419, 'Maximum number of requests reached');
}

function refused(status: number, message: string): ApiReading {
  return { kind: 'refused', hashes: [], answer: errorDocument(status, message) };
}

/** The old way is a form field, the new one a bearer token. */
function keyOf(request: ApiRequest, form: Form): string | undefined {
  return form.get('apikey') ?? /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

function linesOf(file: string | undefined): readonly string[] | Refusal {
  if (file === undefined) {
    return { status: 420, message: 'Missing required field file' };
  }
  const lines = file
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) {
    return { status: 422, message: 'Unprocessable Entities' };
  }
  return lines.length > MOST_ENTRIES
    ? { status: 413, message: `Only ${MOST_ENTRIES} entries are allowed for each file` }
    : lines;
}

function hashOf(hash: string | undefined): readonly string[] | Refusal {
  if (hash === undefined) {
    return { status: 420, message: 'Missing required field hash' };
  }
  const isHash = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(hash.trim());
  return isHash ? [hash.trim()] : { status: 421, message: 'Invalid hash value' };
}
