import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { Oddity } from '#main/simulators/recorded-future/api.ts';
import {
  createRecordedFutureSimulator,
  type RecordedFutureSimulator,
} from '#main/simulators/recorded-future/simulator.ts';
import { NOW, plainOptions, playTranscripts, waitSeconds } from './transcript-suite.ts';

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

playTranscripts<Asked, Told>({
  source: 'recorded-future',
  least: 12,
  headers: ['content-type', 'retry-after', 'location'],
  simulate: told,
  read: adapterReads,
  withoutContent,
});

async function told(what: Told): Promise<RecordedFutureSimulator> {
  const simulator = await createRecordedFutureSimulator(plainOptions(KEY, what.limits));
  simulator.plainly();
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, odd]) => simulator.say(hash, odd));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string, http: HttpClient): Promise<unknown> {
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
  const { outcome, at, window, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: waitSeconds(result.fault), message } };
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
