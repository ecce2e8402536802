import { afterEach } from 'vitest';
import { SIMULATED_TANIUM, type TaniumOptions, type TaniumSimulator } from '#main/simulators/tanium/port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';

/** The moment of these tests: 1 March 2026, noon, UTC. */
export const NOW = Date.UTC(2026, 2, 1, 12);
export const PREFIX_4 = '/plugin/products/threat-response/api/v1';
export const PREFIX_3 = '/plugin/products/detect3/api/v1';
export const { username, password, token } = SIMULATED_TANIUM;

const undo: (() => Promise<void>)[] = [];

/** Closes what a test started. To be called once in a file. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(undo.splice(0).map((step) => step()));
  });
}

export async function started(options: Partial<TaniumOptions> = {}): Promise<TaniumSimulator> {
  const simulator = await createTaniumSimulator({ now: () => NOW, ...options });
  undo.push(() => simulator.close());
  return simulator;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** The body as JSON, or null where it is none. */
  readonly body: unknown;
}

export interface Asking {
  readonly session?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Asks with the token unless another session, or none, is named. `path`: behind the prefix of version 4, or whole. */
export async function ask(
  simulator: TaniumSimulator,
  method: string,
  path: string,
  { session = token, headers = {}, json, body }: Asking = {},
): Promise<Answer> {
  const isWhole = path.startsWith('/api/') || path.startsWith('/plugin/');
  const answer = await fetch(`${simulator.url}${isWhole ? '' : PREFIX_4}${path}`, {
    method,
    headers: {
      ...(session === null ? {} : { session }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text, body: parsed(text) };
}

/** What stands in `{data: …}`. */
export function dataOf(answer: Answer): Record<string, unknown> {
  return (answer.body as { readonly data: Record<string, unknown> }).data;
}

export function rowsOf(answer: Answer): readonly Record<string, unknown>[] {
  return (answer.body as { readonly data: readonly Record<string, unknown>[] }).data;
}

export const ROOT = 'aaaaaaaa-0000-4000-8000-000000000000';
export const rootOf = (n: number): string => `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** An OpenIOC 1.0 document that searches for MD5 digests. */
export function openIoc(rootId: string, digests: readonly string[], name = 'a package'): string {
  const items = digests.map(
    (digest, n) =>
      `<IndicatorItem id="${rootId.slice(0, -12)}${String(n + 1).padStart(12, 'b')}" condition="is">` +
      `<Context document="FileItem" search="FileItem/Md5sum" type="mir"/><Content type="md5">${digest}</Content></IndicatorItem>`,
  );
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n` +
    `<ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="${rootId}" last-modified="2026-03-01T12:00:00">` +
    `<short_description>${name}</short_description><description>for tests</description>` +
    `<authored_date>2026-03-01T12:00:00</authored_date><links/>` +
    `<definition><Indicator operator="OR" id="${rootId.slice(0, -12)}cccccccccccc">${items.join('')}</Indicator></definition></ioc>`
  );
}

/** Sends a document to a source, with the headers an OpenIOC needs. */
export function upload(simulator: TaniumSimulator, sourceId: number, xml: string): Promise<Answer> {
  return ask(simulator, 'POST', `/sources/${sourceId}/intels`, { headers: IOC_HEADERS, body: xml });
}

export function replace(simulator: TaniumSimulator, intelId: number, xml: string): Promise<Answer> {
  return ask(simulator, 'PUT', `/intels/${intelId}`, { headers: IOC_HEADERS, body: xml });
}

export const IOC_HEADERS = { 'content-type': 'application/xml', type: 'openioc' };

export async function makeSource(simulator: TaniumSimulator, name = 'ThreatConnect'): Promise<number> {
  const answer = await ask(simulator, 'POST', '/sources', { json: { type: 'api-client', name, description: 'here' } });
  return Number(dataOf(answer)['id']);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not every answer is JSON; tests look at the text then.
    return null;
  }
}
