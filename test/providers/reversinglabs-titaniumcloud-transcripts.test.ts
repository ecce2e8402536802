import { afterEach, describe, expect, it } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { createNetwork } from '#main/net/network.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import { SIMULATED_USER } from '#main/simulators/reversinglabs-titaniumcloud/api.ts';
import type { Presence } from '#main/simulators/reversinglabs-titaniumcloud/presence.ts';
import {
  createTitaniumCloudSimulator,
  type TitaniumCloudSimulator,
} from '#main/simulators/reversinglabs-titaniumcloud/simulator.ts';
import { jsonShape } from './json-shape.ts';
import { replay, sendAsIs, transcriptsOf } from './transcript.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'simulated-key';

interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  readonly key?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly test?: boolean;
}

interface Told {
  readonly know?: readonly SimulatedFile[];
  readonly say?: Readonly<Record<string, readonly Presence[] | 'invalid'>>;
  readonly script?: readonly Fault[];
  readonly limits?: Partial<SimulatorOptions['limits']>;
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const transcripts = transcriptsOf('reversinglabs-titaniumcloud');

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
    expect(request?.body).toBe(transcript.request.body);
  });

  it('the simulator answers these bytes in the same shape', async () => {
    const simulator = await told(transcript.simulator as Told);
    const answer = await sendAsIs(simulator.url, transcript.request);
    const { start, headers, body } = transcript.response;
    expect(answer.start.split(' ')[1]).toBe(start.split(' ')[1]);
    for (const name of ['content-type', 'retry-after', 'www-authenticate', 'location']) {
      expect(answer.headers[name], name).toBe(headers[name]);
    }
    expect(jsonShape(answer.body)).toEqual(jsonShape(body));
  });

  it('the adapter reads the simulator alike', async () => {
    const simulator = await told(transcript.simulator as Told);
    const read = await adapterReads(asked, simulator.url);
    expect(withoutContent(read)).toEqual(withoutContent(transcript.readAs));
  });
});

async function told(what: Told): Promise<TitaniumCloudSimulator> {
  const simulator = await createTitaniumCloudSimulator({
    port: 0,
    key: KEY,
    limits: { perMinute: null, perDay: null, perMonth: null, ...what.limits },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: () => NOW,
    minuteMs: 60_000,
    tls: null,
  });
  undo.push(() => simulator.close());
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, entries]) => simulator.say(hash, entries));
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
  const { defaults } = titaniumcloud.facts;
  const context: ProviderContext = {
    config: {
      ...defaults,
      url: origin,
      options: { ...defaults.options, username: SIMULATED_USER, ...asked.options },
    },
    key: asked.key ?? KEY,
    http,
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = new AbortController().signal;
  return asked.test === true
    ? statedTest(await titaniumcloud.test(context, signal))
    : stated(await titaniumcloud.ask(asked.hashes, asked.kind, context, signal));
}

function stated(result: RequestResult): unknown {
  if (result.ok) {
    return { answers: result.answers.map(statedAnswer) };
  }
  const { outcome, at, window, until, message, billed } = result.fault;
  expect(message).not.toContain(KEY);
  return {
    fault: { outcome, at, window, waitSeconds: until === null ? null : (until - NOW) / 1000, message, billed },
  };
}

function statedAnswer(answer: HashAnswer): Readonly<Record<string, unknown>> {
  const { hash, outcome, status, score, threat, rawCode, firstSeen, digests, report, alsoAnswers } = answer;
  const also = alsoAnswers === undefined ? {} : { alsoAnswers: alsoAnswers.map(statedAnswer) };
  return { hash, outcome, status, score, threat, rawCode, firstSeen, digests, report, ...also };
}

function statedTest({ ok, at, billed, learned, message }: ConnectionTest): unknown {
  expect(message).not.toContain(KEY);
  return { test: { ok, at, billed, learned, message } };
}

/** A simulator draws levels, names and times of its own. */
function withoutContent(read: unknown): unknown {
  const content = ['score', 'threat', 'rawCode', 'firstSeen', 'report', 'message', 'learned'];
  if (Array.isArray(read)) {
    return read.map(withoutContent);
  }
  return typeof read === 'object' && read !== null
    ? Object.fromEntries(
        Object.entries(read).flatMap(([name, value]) =>
          content.includes(name) ? [] : [[name, withoutContent(value)] as const],
        ),
      )
    : read;
}
