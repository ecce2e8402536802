import { afterEach, describe, expect, it } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { createNetwork } from '#main/net/network.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { Oddity } from '#main/simulators/virustotal/file-object.ts';
import { createVirusTotalSimulator, type VirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { jsonShape } from './json-shape.ts';
import { replay, sendAsIs, transcriptsOf } from './transcript.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'simulated-key';

interface Asked {
  readonly hash: HexDigest;
  readonly kind: DigestKind;
  readonly key?: string;
  readonly test?: boolean;
}

interface Told {
  readonly know?: readonly SimulatedFile[];
  readonly say?: Readonly<Record<string, Oddity>>;
  readonly script?: readonly Fault[];
  readonly limits?: Partial<SimulatorOptions['limits']>;
  readonly seed?: number;
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const transcripts = transcriptsOf('virustotal');

it('there are enough of them', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(12);
});

describe.each(transcripts)('$name', (transcript) => {
  const asked = transcript.asked as Asked;

  it('the adapter sends these bytes and reads the answer as stated', async () => {
    const server = await replay(transcript.response);
    undo.push(() => server.close());
    expect(await adapterReads(asked, server.origin)).toEqual(transcript.readAs);
    const [request] = server.requests;
    expect(request?.start).toBe(transcript.request.start);
    expect(request?.headers).toMatchObject(transcript.request.headers);
    expect(request?.headers['user-agent']).toContain('gzip');
    expect(request?.body).toBe('');
  });

  it('the simulator answers these bytes in the same shape', async () => {
    const simulator = await told(transcript.simulator as Told);
    const answer = await sendAsIs(new URL(simulator.url).origin, transcript.request);
    const { start, headers, body } = transcript.response;
    expect(answer.start.split(' ')[1]).toBe(start.split(' ')[1]);
    for (const name of ['content-type', 'content-encoding', 'retry-after', 'location']) {
      expect(answer.headers[name], name).toBe(headers[name]);
    }
    expect(jsonShape(answer.body)).toEqual(jsonShape(body));
  });

  it('the adapter reads the simulator alike', async () => {
    const simulator = await told(transcript.simulator as Told);
    const read = await adapterReads(asked, new URL(simulator.url).origin);
    expect(withoutContent(read)).toEqual(withoutContent(transcript.readAs));
  });
});

async function told(what: Told): Promise<VirusTotalSimulator> {
  const simulator = await createVirusTotalSimulator({
    port: 0,
    key: KEY,
    limits: { perMinute: null, perDay: null, perMonth: null, ...what.limits },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: what.seed ?? 1,
    now: () => NOW,
    minuteMs: 60_000,
    tls: null,
  });
  undo.push(() => simulator.close());
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, odd]) => simulator.say(hash, odd));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string): Promise<Stated> {
  const http = createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 1,
  });
  undo.push(() => http.close());
  const context: ProviderContext = {
    config: { ...virustotal.facts.defaults, url: `${origin}/api/v3` },
    key: asked.key ?? KEY,
    http,
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = new AbortController().signal;
  return asked.test === true
    ? statedTest(await virustotal.test(context, signal))
    : stated(await virustotal.ask([asked.hash], asked.kind, context, signal));
}

type Stated = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function stated(result: RequestResult): Stated {
  if (result.ok) {
    expect(result.answers).toHaveLength(1);
    return { answer: statedAnswer(result.answers[0]) };
  }
  const { outcome, at, window, until, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: until === null ? null : (until - NOW) / 1000, message } };
}

function statedAnswer(answer: HashAnswer | undefined): Readonly<Record<string, unknown>> {
  const { hash, outcome, status, score, threat, rawCode, firstSeen, digests, report } = answer ?? {};
  return { hash, outcome, status, score, threat, rawCode, firstSeen, digests, report };
}

function statedTest({ ok, at, billed, learned, message }: ConnectionTest): Stated {
  expect(message).not.toContain(KEY);
  return { test: { ok, at, billed, learned } };
}

/** A simulator draws counts, names and times of its own. */
function withoutContent(read: unknown): Stated {
  const content = ['score', 'threat', 'rawCode', 'firstSeen', 'report', 'message', 'learned'];
  return Object.fromEntries(
    Object.entries(read as Stated).map(([kind, fields]) => [
      kind,
      Object.fromEntries(Object.entries(fields).filter(([name]) => !content.includes(name))),
    ]),
  );
}
