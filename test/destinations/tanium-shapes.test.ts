import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { DOCUMENTED_FORMS } from '#main/destinations/openioc/documented-forms.ts';
import { writeOpenIoc } from '#main/destinations/openioc/write.ts';
import { createThreatResponse } from '#main/destinations/tanium/threat-response.ts';
import { createNetwork } from '#main/net/network.ts';
import type { HttpClient } from '#main/net/port.ts';
import { SIMULATED_TANIUM } from '#main/simulators/tanium/port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { conversations } from './tanium-transcript.ts';

/**
 * Transcripts and the simulator are both written from the published interface, by different hands. What of a successful
 * answer the transcripts name, the simulator has to name, too.
 */
const DOCUMENT = {
  rootId: '3f1c2a9e-7d4b-5e60-9a11-0c2d3e4f5a6b',
  name: 'Feed',
  description: 'From ThreatConnect',
};
const FILE = { md5: 'cd'.repeat(16), sha1: 'ab'.repeat(20), sha256: '01'.repeat(32), notes: 'n' };
const never = new AbortController().signal;

/** Keys of every object of an answer, by where they stand: `data[].id`. */
type Shapes = Map<string, Set<string>>;

describe.each(['4', '3'] as const)('Threat Response %s', (api) => {
  const told: Shapes = new Map();
  const undo: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const simulator = await createTaniumSimulator({ api });
    const http = listening(told);
    undo.push(
      () => http.close(),
      () => simulator.close(),
    );
    await everyCall(simulator.url, http);
  });
  afterAll(async () => {
    for (const step of undo) {
      await step();
    }
  });

  it('names what the transcripts name', () => {
    const asked = new Map([...transcriptShapes(api)].filter(([call]) => told.has(call)));
    expect(asked.size).toBeGreaterThanOrEqual(api === '4' ? 9 : 3);
    const missing = [...asked].flatMap(([call, keys]) =>
      [...keys].filter((key) => !told.get(call)?.has(key)).map((key) => `${call}: ${key}`),
    );
    expect(missing).toEqual([]);
  });
});

async function everyCall(url: string, http: HttpClient): Promise<void> {
  const { username, password } = SIMULATED_TANIUM;
  const client = createThreatResponse({
    config: { ...defaultSyncJob(), taniumUrl: url, taniumUsername: username },
    secret: password,
    http,
    onExchange: () => undefined,
    now: Date.now,
  });
  const source = await client.createSource('ThreatConnect', never);
  const sourceId = source.ok ? source.value.id : 0;
  const content = { ...DOCUMENT, modifiedAt: 0, terms: [{ kind: 'host', value: 'bad.example' }] as const };
  const document = { ...DOCUMENT, xml: writeOpenIoc(content, DOCUMENTED_FORMS) };
  const made = await client.create(sourceId, document, never);
  const intelId = made.ok ? made.value.id : 0;
  await client.replace(intelId, document, never);
  await client.findSource('ThreatConnect', never);
  const label = await client.createLabel('APT 28', never);
  await client.addLabel(intelId, label.ok ? label.value.id : 0, never);
  await client.labels(never);
  await client.intels(sourceId, never);
  await client.deploy(never);
  await client.findGroup('Servers', never);
  await client.scan(2, intelId, never);
  await client.listFiles([FILE], never);
  await client.unlistFiles([FILE], never);
  await client.remove(intelId, never);
  await client.close();
}

/** A client that remembers the shapes of successful answers. */
function listening(told: Shapes): HttpClient {
  const http = createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 1,
  });
  return {
    close: () => http.close(),
    async send(request, signal) {
      const result = await http.send(request, signal);
      if (result.ok && result.response.status < 300) {
        const body = Buffer.from(result.response.body).toString('utf8');
        note(told, `${request.method} ${new URL(request.url).pathname}`, body);
      }
      return result;
    },
  };
}

function transcriptShapes(api: '4' | '3'): Shapes {
  const shapes: Shapes = new Map();
  const prefix = { 4: '/threat-response/', 3: '/detect3/' }[api];
  // Conversations about what servers do wrong, or leave out, state other shapes on purpose.
  const usual = conversations().filter(({ name }) => /^(02|18|19|20|22|34|35|45|46|47)-/.test(name));
  for (const { exchanges } of usual.filter((one) => JSON.stringify(one).includes(prefix))) {
    for (const { request, response } of exchanges) {
      const [method = '', path = ''] = request.start.split(' ');
      const isOther = path.includes('/plugin/products/') && !path.includes(prefix) && !path.includes('/reputation/');
      if (/ 20\d /.test(response.start) && !isOther) {
        note(shapes, `${method} ${path.replace(/\?.*/, '')}`, response.body);
      }
    }
  }
  return shapes;
}

function note(shapes: Shapes, call: string, body: string): void {
  // The log-in is answered in two ways, each of which is tried elsewhere.
  if (!/^[[{]/.test(body) || call.includes('/session/')) {
    return;
  }
  const name = call.replace(/\/\d+/g, '/N').replace(/by-name\/.*/, 'by-name/NAME');
  const keys = shapes.get(name) ?? new Set<string>();
  keysOf(JSON.parse(body), '').forEach((key) => keys.add(key));
  shapes.set(name, keys);
}

function keysOf(value: unknown, at: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((one) => keysOf(one, `${at}[]`));
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, one]) => [`${at}.${name}`, ...keysOf(one, `${at}.${name}`)])
    : [];
}
