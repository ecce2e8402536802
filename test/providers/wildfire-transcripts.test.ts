import { afterEach, describe, expect, it } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { createNetwork } from '#main/net/network.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { wildfire } from '#main/providers/wildfire/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import { createWildFireSimulator, type WildFireSimulator } from '#main/simulators/wildfire/simulator.ts';
import type { VerdictInfo } from '#main/simulators/wildfire/xml.ts';
import { replay, sendAsIs, transcriptsOf, withPlainBoundary } from './transcript.ts';
import { xmlTree } from './xml-tree.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'simulated-key';

interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  readonly key?: string;
  readonly authStyle?: 'key' | 'bearer';
  readonly agent?: '' | 'pcc' | 'prismaaccessapi';
  readonly test?: boolean;
}

interface Told {
  readonly know?: readonly SimulatedFile[];
  readonly say?: Readonly<Record<string, readonly VerdictInfo[]>>;
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

const transcripts = transcriptsOf('wildfire');

it('there are enough of them', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(12);
});

describe.each(transcripts)('$name', (transcript) => {
  const asked = transcript.asked as Asked;

  it('the adapter sends these bytes and reads the answer as stated', async () => {
    const server = await replay(transcript.response);
    undo.push(() => server.close());
    expect(await adapterReads(asked, server.origin)).toEqual(transcript.readAs);
    const [request] = server.requests.map(withPlainBoundary);
    expect(request?.start).toBe(transcript.request.start);
    expect(request?.headers).toMatchObject(transcript.request.headers);
    expect(request?.body).toBe(transcript.request.body);
  });

  it('the simulator answers these bytes alike', async () => {
    const simulator = await told(transcript.simulator as Told);
    const answer = await sendAsIs(new URL(simulator.url).origin, transcript.request);
    const { start, headers, body } = transcript.response;
    expect(answer.start.split(' ').slice(0, 2)).toEqual(start.split(' ').slice(0, 2));
    expect(mediaType(answer.headers['content-type'])).toBe(mediaType(headers['content-type']));
    expect(answer.headers['retry-after']).toBe(headers['retry-after']);
    expect(xmlTree(answer.body)).toEqual(xmlTree(body));
  });

  it('the adapter reads the simulator alike', async () => {
    const simulator = await told(transcript.simulator as Told);
    expect(await adapterReads(asked, new URL(simulator.url).origin)).toEqual(transcript.readAs);
  });
});

async function told(what: Told): Promise<WildFireSimulator> {
  const simulator = await createWildFireSimulator({
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
  Object.entries(what.say ?? {}).forEach(([hash, infos]) => simulator.say(hash, infos));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string): Promise<unknown> {
  const http = createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 1,
  });
  undo.push(() => http.close());
  const context = contextOf(asked, origin, http);
  const signal = new AbortController().signal;
  return asked.test === true
    ? statedTest(await wildfire.test(context, signal))
    : stated(await wildfire.ask(asked.hashes, asked.kind, context, signal));
}

function contextOf(asked: Asked, origin: string, http: HttpClient): ProviderContext {
  return {
    config: {
      ...wildfire.facts.defaults,
      url: `${origin}/publicapi`,
      authStyle: asked.authStyle ?? 'key',
      agent: asked.agent ?? '',
    },
    key: asked.key ?? KEY,
    http,
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
}

function stated(result: RequestResult): unknown {
  if (result.ok) {
    return { answers: result.answers.map(statedAnswer) };
  }
  const { outcome, at, window, until, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: until === null ? null : (until - NOW) / 1000 } };
}

function statedAnswer({ hash, outcome, status, rawCode, digests, alsoAnswers }: HashAnswer): unknown {
  const also = alsoAnswers === undefined ? {} : { alsoAnswers: alsoAnswers.map(statedAnswer) };
  return { hash, outcome, status, rawCode, digests, ...also };
}

function statedTest({ ok, at, billed }: ConnectionTest): unknown {
  return { test: { ok, at, billed } };
}

function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim() ?? '';
}
