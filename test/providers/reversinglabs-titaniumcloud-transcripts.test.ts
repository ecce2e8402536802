import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { titaniumcloud } from '#main/providers/reversinglabs-titaniumcloud/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import { SIMULATED_USER } from '#main/simulators/reversinglabs-titaniumcloud/api.ts';
import type { Presence } from '#main/simulators/reversinglabs-titaniumcloud/presence.ts';
import {
  createTitaniumCloudSimulator,
  type TitaniumCloudSimulator,
} from '#main/simulators/reversinglabs-titaniumcloud/simulator.ts';
import { NOW, plainOptions, playTranscripts, waitSeconds } from './transcript-suite.ts';

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

playTranscripts<Asked, Told>({
  source: 'reversinglabs-titaniumcloud',
  least: 12,
  headers: ['content-type', 'retry-after', 'www-authenticate', 'location'],
  simulate: told,
  read: adapterReads,
  withoutContent,
});

async function told(what: Told): Promise<TitaniumCloudSimulator> {
  const simulator = await createTitaniumCloudSimulator(plainOptions(KEY, what.limits));
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, entries]) => simulator.say(hash, entries));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string, http: HttpClient): Promise<unknown> {
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
  const { outcome, at, window, message, billed } = result.fault;
  expect(message).not.toContain(KEY);
  return {
    fault: { outcome, at, window, waitSeconds: waitSeconds(result.fault), message, billed },
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
