import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { ConnectionTest, HashAnswer, ProviderContext, RequestResult } from '#main/providers/port.ts';
import { virustotal } from '#main/providers/virustotal/index.ts';
import type { Fault, SimulatedFile, SimulatorOptions } from '#main/simulators/port.ts';
import type { Oddity } from '#main/simulators/virustotal/file-object.ts';
import { createVirusTotalSimulator, type VirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { NOW, plainOptions, playTranscripts, waitSeconds } from './transcript-suite.ts';

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

playTranscripts<Asked, Told>({
  source: 'virustotal',
  least: 12,
  headers: ['content-type', 'content-encoding', 'retry-after', 'location'],
  simulate: told,
  read: adapterReads,
  withoutContent,
  // It packs only for those who say so here, too.
  alsoSent: { 'user-agent': expect.stringContaining('gzip') as unknown },
});

async function told(what: Told): Promise<VirusTotalSimulator> {
  const simulator = await createVirusTotalSimulator(plainOptions(KEY, what.limits, what.seed));
  what.know?.forEach((file) => simulator.know(file));
  Object.entries(what.say ?? {}).forEach(([hash, odd]) => simulator.say(hash, odd));
  simulator.script(what.script ?? []);
  return simulator;
}

/** What the adapter makes of a server's answer, as transcripts state it. */
async function adapterReads(asked: Asked, origin: string, http: HttpClient): Promise<Stated> {
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
  const { outcome, at, window, message } = result.fault;
  expect(message).not.toContain(KEY);
  return { fault: { outcome, at, window, waitSeconds: waitSeconds(result.fault), message } };
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
