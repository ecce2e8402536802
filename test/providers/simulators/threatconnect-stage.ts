import { createHmac } from 'node:crypto';
import { afterEach } from 'vitest';
import {
  createThreatConnectSimulator,
  type ThreatConnectOptions,
  type ThreatConnectSimulator,
} from '#main/simulators/threatconnect/simulator.ts';

/** The moment of these tests: 1 March 2026, noon, UTC. */
export const NOW = Date.UTC(2026, 2, 1, 12);
export const CREDENTIALS = { accessId: '12345678', secretKey: 'secret key, with ü', token: 'APIV2:1:token' };
export const DAY_MS = 86_400_000;
export const ORGANIZATION = 'Example Corp';

const undo: (() => Promise<void>)[] = [];

/** Closes what a test started. To be called once in a file. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const step of undo.splice(0)) {
      await step();
    }
  });
}

/** An instance without indicators, unless told otherwise. */
export async function started(options: Partial<ThreatConnectOptions> = {}): Promise<ThreatConnectSimulator> {
  const simulator = await createThreatConnectSimulator({ ...CREDENTIALS, now: () => NOW, ...options });
  undo.push(() => simulator.close());
  return simulator;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, or null where it is none. */
  readonly body: {
    readonly data?: unknown;
    readonly next?: string;
    readonly prev?: string;
    readonly count?: number;
    readonly errCode?: string;
    readonly message?: string;
    readonly status?: string;
  } | null;
}

/** The headers of a signed request, by the documentation's recipe. */
export function signed(target: string, method = 'GET', at = NOW, secretKey = CREDENTIALS.secretKey) {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secretKey).update(`${target}:${method}:${timestamp}`).digest('base64');
  return { timestamp, authorization: `TC ${CREDENTIALS.accessId}:${signature}` };
}

/** Asks with a signature, or with the headers given. `target`: path and query, or an absolute address. */
export async function ask(
  simulator: ThreatConnectSimulator,
  target: string,
  { method = 'GET', headers }: { readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const url = new URL(target.replace(/^https?:\/\/[^/]+/, ''), simulator.url);
  // As it is sent: an address may be written otherwise there, e.g. with %27 for a quote.
  const response = await fetch(url, { method, headers: headers ?? signed(url.pathname + url.search, method) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Answer['body']) : null,
  };
}

/** The address of a list; every value is encoded. */
export function listOf(parameters: Readonly<Record<string, string | readonly string[]>>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  return pairs.length === 0 ? '/api/v3/indicators' : `/api/v3/indicators?${pairs.join('&')}`;
}

/** The rows of an answer. */
export function rowsOf({ body }: Answer): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(body?.data) ? (body.data as readonly Readonly<Record<string, unknown>>[]) : [];
}

/** The summaries that match a query, sorted by id; or the server's words about why it is none. */
export async function matching(simulator: ThreatConnectSimulator, tql: string): Promise<readonly unknown[] | string> {
  const answer = await ask(simulator, listOf({ tql, sorting: 'id asc', resultLimit: '10000' }));
  return answer.status === 200
    ? rowsOf(answer).map(({ summary }) => summary)
    : `${answer.body?.errCode ?? ''} ${answer.body?.message ?? answer.text}`;
}
