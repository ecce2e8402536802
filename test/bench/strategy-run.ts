import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GridQuery } from '#shared/contract/intake.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { createEngine } from '#main/engine.ts';
import type { SimulatedFile, Simulator } from '#main/simulators/port.ts';
import { SIMULATED, SIMULATED_SOURCES, type SimulatedSource } from '#main/simulators/start.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { EVERY_ROW } from '../every-row.ts';

/** What a scan of a list under one strategy came to. */
export interface StrategyRun {
  readonly strategy: Strategy;
  /** Rows with the verdict malicious, by their hash. */
  readonly malicious: ReadonlySet<string>;
  /** What every simulator said about a hash, `source status`, in the order of the requests. */
  readonly said: ReadonlyMap<string, readonly string[]>;
  /** By the simulators' own count. */
  readonly requests: Readonly<Partial<Record<SimulatedSource, number>>>;
  readonly billed: number;
  readonly pairs: number;
  readonly planned: readonly string[];
}

export interface StrategyRunOptions {
  readonly lines: readonly string[];
  readonly knows?: readonly SimulatedFile[];
  readonly change?: Readonly<Partial<Record<SimulatedSource, SourceConfigChange>>>;
  readonly seed?: number;
}

/** Every simulator says the same in every run: what is pending stays so, and nothing changes its status. */
const STILL = Date.UTC(2026, 10, 22);
const PAGE = 1_000;

/** Scans a list in a new data directory, with every source simulated anew. */
export async function runStrategy(strategy: Strategy, options: StrategyRunOptions): Promise<StrategyRun> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-strategy-'));
  const simulators = new Map<SimulatedSource, Simulator>();
  for (const source of SIMULATED_SOURCES) {
    simulators.set(source, await simulate(source, options));
  }
  const secrets = memorySecrets(Object.fromEntries(SIMULATED_SOURCES.map((source) => [source, SIMULATED[source].key])));
  const engine = await createEngine({
    directory: join(folder, 'data'),
    threads: 'inline',
    shell: 'terminal',
    simulated: true,
    secrets,
  });
  try {
    for (const [source, simulator] of simulators) {
      await engine.sources.set(source, { ...unlimited(source, simulator.url), ...options.change?.[source] });
    }
    const signal = new AbortController().signal;
    const { intakeId, finished } = await engine.intakes.start(
      {
        door: 'terminal',
        inputs: [{ kind: 'text', name: 'list.txt', text: `${options.lines.join('\n')}\n` }],
        reading: { as: 'list' },
      },
      () => undefined,
      signal,
    );
    await finished;
    const request = { intakeId, selection: { kind: 'query', query: EVERY_ROW }, strategy } as const;
    const plan = await engine.scanning.plan(request, signal);
    await engine.scanning.start(request, () => undefined, signal);
    const stop = engine.outbound.seek();
    await engine.outbound.drained({ purpose: 'new' }, signal);
    await stop();
    const malicious = new Set<string>();
    await engine.intakes.get(intakeId);
    for (let offset = 0; ; offset += PAGE) {
      const query: GridQuery = { ...EVERY_ROW, statuses: ['malicious'] };
      const { rows } = await engine.intakes.rows(intakeId, query, { offset, limit: PAGE });
      rows.forEach(({ hash }) => malicious.add(hash));
      if (rows.length < PAGE) {
        break;
      }
    }
    return { strategy, malicious, planned: plan.steps.map(({ source }) => source), ...heard(simulators) };
  } finally {
    await engine.dispose();
    await Promise.all([...simulators.values()].map((simulator) => simulator.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function simulate(source: SimulatedSource, { knows = [], seed = 7 }: StrategyRunOptions): Promise<Simulator> {
  const simulator = await SIMULATED[source].create({
    port: 0,
    key: SIMULATED[source].key,
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed,
    now: () => STILL,
    minuteMs: 60_000,
    tls: null,
    tellsSaid: true,
  });
  knows.forEach((file) => simulator.know(file));
  return simulator;
}

function unlimited(source: SimulatedSource, url: string): SourceConfigChange {
  const simulated = SIMULATED[source];
  return {
    url,
    enabled: true,
    ...(source === 'virustotal' ? { plan: 'paid' as const } : {}),
    callsPerMinute: null,
    callsPerDay: null,
    callsPerMonth: null,
    ...('options' in simulated ? { options: simulated.options } : {}),
  };
}

function heard(simulators: ReadonlyMap<SimulatedSource, Simulator>) {
  const said = new Map<string, string[]>();
  let billed = 0;
  let pairs = 0;
  for (const [source, { log }] of simulators) {
    for (const request of log) {
      billed += request.billed;
      pairs += request.hashes.length;
      for (const [hash, status] of request.said ?? []) {
        said.set(hash, [...(said.get(hash) ?? []), `${source} ${status ?? 'unknown'}`]);
      }
    }
  }
  const requests = Object.fromEntries([...simulators].map(([source, { log }]) => [source, log.length]));
  return { said, requests, billed, pairs };
}

/** Hashes that one run calls malicious and the other does not, each with what the simulators said in both. */
export function differences(a: StrategyRun, b: StrategyRun): readonly string[] {
  const hashes = [...a.malicious, ...b.malicious].filter((hash) => a.malicious.has(hash) !== b.malicious.has(hash));
  const words = ({ strategy, said }: StrategyRun, hash: string): string =>
    `${strategy}: ${said.get(hash)?.join(', ') ?? 'not asked'}`;
  return hashes.map((hash) => `${hash} ${words(a, hash)}; ${words(b, hash)}`);
}
