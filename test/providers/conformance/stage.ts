import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { createNetwork } from '#main/net/network.ts';
import type { HttpOptions } from '#main/net/port.ts';
import type { ConnectionTest, ProviderContext, RequestFault, RequestResult } from '#main/providers/port.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import type { SourceUnderTest } from './source-under-test.ts';

/** Sunday, 22 November 2026, 09:00 UTC. */
export const NOW = Date.UTC(2026, 10, 22, 9);
export const KEY = 'key-that-must-show-nowhere';

/** A source, its simulator and a real network between them. */
export interface Stage<S extends Simulator> {
  readonly simulator: S;
  readonly ask: (hashes: readonly HexDigest[], kind: DigestKind) => Promise<RequestResult>;
  readonly test: () => Promise<ConnectionTest>;
}

export interface StageOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  readonly http?: Partial<HttpOptions>;
  readonly config?: Partial<SourceConfig>;
  readonly key?: string;
  readonly isOffline?: boolean;
  readonly signal?: AbortSignal;
}

const undo: (() => Promise<void>)[] = [];

/** Ends what stages left open, the latest first. */
export async function clearStages(): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
}

/** Starts a simulator and gives the doors of the adapter; no result of them may hold the key. */
export async function stage<S extends Simulator>(
  source: SourceUnderTest<S>,
  options: StageOptions = {},
): Promise<Stage<S>> {
  const simulator = await source.start({
    port: 0,
    key: KEY,
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: () => NOW,
    minuteMs: 60_000,
    tls: null,
    ...options.simulator,
  });
  undo.push(() => simulator.close());
  const rules = { isOffline: async () => options.isOffline ?? false, directory: 'simulated' } as const;
  const http = createNetwork(rules, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 2,
    ...options.http,
  });
  undo.push(() => http.close());
  const context: ProviderContext = {
    config: {
      ...source.provider.facts.defaults,
      url: simulator.url,
      timeoutSeconds: 5,
      ...source.config,
      ...options.config,
    },
    key: options.key ?? KEY,
    http,
    threshold: { malicious: null, suspicious: null },
    now: () => NOW,
  };
  const signal = options.signal ?? new AbortController().signal;
  return {
    simulator,
    ask: async (hashes, kind) => withoutKey(await source.provider.ask(hashes, kind, context, signal)),
    test: async () => withoutKey(await source.provider.test(context, signal)),
  };
}

function withoutKey<T>(result: T): T {
  expect(JSON.stringify(result)).not.toContain(KEY);
  return result;
}

/** A file nobody has, by its number. */
export function file(n: number): Readonly<Record<DigestKind, HexDigest>> {
  const digest = (algorithm: DigestKind): HexDigest =>
    createHash(algorithm).update(`conformance ${n}`).digest('hex') as HexDigest;
  return { md5: digest('md5'), sha1: digest('sha1'), sha256: digest('sha256') };
}

/** The fault of a request that must have failed as a whole. */
export function faultOf(result: RequestResult): RequestFault {
  if (result.ok) {
    throw new Error(`expected a fault, got ${JSON.stringify(result.answers)}`);
  }
  return result.fault;
}
