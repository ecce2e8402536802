import { afterEach, describe, expect, it } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import { createNetwork } from '#main/net/network.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { a1000 } from '#main/providers/reversinglabs-a1000/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { ListOddity } from '#main/simulators/reversinglabs-a1000/api.ts';
import type { Oddity } from '#main/simulators/reversinglabs-a1000/shelf.ts';
import { createA1000Simulator, type A1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
import { jsonShape } from './json-shape.ts';
import { replay, sendAsIs, transcriptsOf } from './transcript.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
const NOW = Date.UTC(2026, 10, 22, 9);
const KEY = 'simulated-key';

interface Asked {
  readonly hashes: readonly HexDigest[];
  readonly kind: DigestKind;
  readonly key?: string;
  readonly reach?: 'appliance' | 'appliance-and-cloud';
  /** By the single call instead of a list. */
  readonly single?: boolean;
  readonly test?: boolean;
}

interface Told {
  readonly know?: readonly SimulatedFile[];
  readonly knowInCloud?: readonly SimulatedFile[];
  readonly say?: Readonly<Record<string, Oddity>>;
  readonly lists?: ListOddity;
  readonly script?: readonly Fault[];
  readonly limits?: Partial<SimulatorOptions['limits']>;
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

const transcripts = transcriptsOf('reversinglabs-a1000');

it('there are enough of them', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(20);
});

describe.each(transcripts)('$name', (transcript) => {
  const asked = transcript.asked as Asked;

  it('the adapter sends these bytes and reads the answer as stated', async () => {
    const server = await replay(transcript.response);
    undo.push(() => server.close());
    expect(await adapterReads(asked, server.origin)).toEqual(transcript.readAs);
    expect(server.requests).toHaveLength(1);
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
    for (const name of ['content-type', 'retry-after', 'location']) {
      expect(answer.headers[name], name).toBe(headers[name]);
    }
    expect(jsonShape(answer.body)).toEqual(jsonShape(body));
  });

  it('the adapter reads the simulator alike', async () => {
    const simulator = await told(transcript.simulator as Told);
    expect(withoutContent(await adapterReads(asked, simulator.url))).toEqual(withoutContent(transcript.readAs));
  });
});

async function told(what: Told): Promise<A1000Simulator> {
  const simulator = await createA1000Simulator({
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
  what.knowInCloud?.forEach((file) => simulator.knowInCloud(file));
  Object.entries(what.say ?? {}).forEach(([sha256, odd]) => simulator.say(sha256, odd));
  simulator.sayOfLists(what.lists ?? {});
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
  const context: ProviderContext = {
    config: { ...a1000.facts.defaults, url: origin, options: { reach: asked.reach ?? 'appliance' } },
    key: asked.key ?? KEY,
    http,
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = new AbortController().signal;
  if (asked.test === true) {
    return statedTest(await a1000.test(context, signal));
  }
  const [hash] = asked.hashes;
  return stated(
    asked.single === true && hash !== undefined
      ? await a1000.askOne?.(hash, asked.kind, context, signal)
      : await a1000.ask(asked.hashes, asked.kind, context, signal),
  );
}

function stated(result: RequestResult | undefined): unknown {
  if (result?.ok !== false) {
    return { answers: result?.answers };
  }
  const { outcome, at, window, until, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: until === null ? null : (until - NOW) / 1000, message } };
}

function statedTest({ ok, at, billed, message }: ConnectionTest): unknown {
  expect(message).not.toContain(KEY);
  return { test: { ok, at, billed, message } };
}

/** A simulator draws risks, names and times of its own. */
function withoutContent(read: unknown): unknown {
  const { answers, ...others } = read as { readonly answers?: readonly HashAnswer[] };
  return { ...others, ...(answers === undefined ? {} : { answers: answers.map(withoutOwn) }) };
}

function withoutOwn({ alsoAnswers, ...answer }: HashAnswer): unknown {
  const { score, threat, firstSeen, report, ...rest } = answer;
  const isGiven = [score, firstSeen, report].map((value) => value !== null);
  return { ...rest, hasThreat: threat !== null, isGiven, also: alsoAnswers?.map(withoutOwn) };
}
