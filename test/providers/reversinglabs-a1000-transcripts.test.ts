import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { a1000 } from '#main/providers/reversinglabs-a1000/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { ListOddity } from '#main/simulators/reversinglabs-a1000/api.ts';
import type { Oddity } from '#main/simulators/reversinglabs-a1000/shelf.ts';
import { createA1000Simulator, type A1000Simulator } from '#main/simulators/reversinglabs-a1000/simulator.ts';
import { NOW, plainOptions, playTranscripts, waitSeconds } from './transcript-suite.ts';

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

playTranscripts<Asked, Told>({
  source: 'reversinglabs-a1000',
  least: 20,
  headers: ['content-type', 'retry-after', 'location'],
  simulate: told,
  read: adapterReads,
  withoutContent,
});

async function told(what: Told): Promise<A1000Simulator> {
  const simulator = await createA1000Simulator(plainOptions(KEY, what.limits));
  what.know?.forEach((file) => simulator.know(file));
  what.knowInCloud?.forEach((file) => simulator.knowInCloud(file));
  Object.entries(what.say ?? {}).forEach(([sha256, odd]) => simulator.say(sha256, odd));
  simulator.sayOfLists(what.lists ?? {});
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string, http: HttpClient): Promise<unknown> {
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
  const { outcome, at, window, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: waitSeconds(result.fault), message } };
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
