import { afterEach, describe, expect, it } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { createNetwork } from '#main/net/network.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { Oddity } from '#main/simulators/recorded-future/api.ts';
import {
  createRecordedFutureSimulator,
  type RecordedFutureSimulator,
} from '#main/simulators/recorded-future/simulator.ts';
import { jsonShape } from './json-shape.ts';
import { replay, sendAsIs, transcriptsOf } from './transcript.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'simulated-token';

interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  /** Asked by the single call, whatever the options say. */
  readonly one?: boolean;
  readonly options?: Readonly<Record<string, string>>;
  readonly threshold?: ProviderContext['threshold'];
  readonly key?: string;
  readonly test?: boolean;
}

interface Told {
  readonly know?: readonly SimulatedFile[];
  readonly say?: Readonly<Record<string, Oddity>>;
  readonly script?: readonly Fault[];
  readonly limits?: Partial<SimulatorOptions['limits']>;
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const transcripts = transcriptsOf('recorded-future');

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
    const answer = await sendAsIs(new URL(simulator.url).origin, transcript.request);
    const { start, headers, body } = transcript.response;
    expect(answer.start.split(' ')[1]).toBe(start.split(' ')[1]);
    for (const name of ['content-type', 'retry-after', 'location']) {
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

async function told(what: Told): Promise<RecordedFutureSimulator> {
  const simulator = await createRecordedFutureSimulator({
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
  simulator.plainly();
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, odd]) => simulator.say(hash, odd));
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
  const { defaults } = recordedFuture.facts;
  const context: ProviderContext = {
    config: { ...defaults, url: origin, options: { ...defaults.options, ...asked.options } },
    key: asked.key ?? KEY,
    http,
    threshold: asked.threshold ?? { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = new AbortController().signal;
  if (asked.test === true) {
    return statedTest(await recordedFuture.test(context, signal));
  }
  const [hash] = asked.hashes;
  return asked.one === true && hash !== undefined
    ? stated(await recordedFuture.askOne?.(hash, asked.kind, context, signal))
    : stated(await recordedFuture.ask(asked.hashes, asked.kind, context, signal));
}

function stated(result: RequestResult | undefined): unknown {
  if (result === undefined) {
    throw new Error('nothing was asked');
  }
  if (result.ok) {
    return { answers: result.answers.map(statedAnswer) };
  }
  const { outcome, at, window, until, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: until === null ? null : (until - NOW) / 1000, message } };
}

/** What an answer that is none leaves empty is left out, so that a file shows what was said. */
function statedAnswer(answer: HashAnswer): unknown {
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null));
}

function statedTest({ ok, at, billed, message }: ConnectionTest): unknown {
  expect(message).not.toContain(KEY);
  return { test: { ok, at, billed, message } };
}

const CONTENT = new Set(['score', 'threat', 'rawCode', 'firstSeen', 'report', 'message', 'note']);

/** A simulator draws scores, names and times of its own. */
function withoutContent(read: unknown): unknown {
  if (Array.isArray(read)) {
    return read.map(withoutContent);
  }
  return typeof read === 'object' && read !== null
    ? Object.fromEntries(
        Object.entries(read).flatMap(([name, value]) => (CONTENT.has(name) ? [] : [[name, withoutContent(value)]])),
      )
    : read;
}
