import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { wildfire } from '#main/providers/wildfire/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import { createWildFireSimulator, type WildFireSimulator } from '#main/simulators/wildfire/simulator.ts';
import type { VerdictInfo } from '#main/simulators/wildfire/xml.ts';
import { withPlainBoundary } from './transcript.ts';
import { NOW, plainOptions, playTranscripts, waitSeconds } from './transcript-suite.ts';
import { xmlTree } from './xml-tree.ts';

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

playTranscripts<Asked, Told>({
  source: 'wildfire',
  least: 12,
  headers: ['content-type', 'retry-after'],
  simulate: told,
  read: adapterReads,
  withoutContent: (read) => read,
  shape: xmlTree,
  headerValue: (value, name) => (name === 'content-type' ? mediaType(value) : value),
  asWritten: withPlainBoundary,
});

async function told(what: Told): Promise<WildFireSimulator> {
  const simulator = await createWildFireSimulator(plainOptions(KEY, what.limits, what.seed));
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, infos]) => simulator.say(hash, infos));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string, http: HttpClient): Promise<unknown> {
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
  const { outcome, at, window, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: waitSeconds(result.fault) } };
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
