import { createHash } from 'node:crypto';
import type { HexDigest } from '#shared/domain/hash.ts';
import { sourceCode } from '#shared/domain/source.ts';
import type { SourceConfigChange } from '#shared/settings/source-config.ts';
import { createEngine } from '#main/engine.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Engine } from '#main/services/engine-port.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { SIMULATED, type SimulatedSource } from '#main/simulators/start.ts';

export type SimulatedOptions = Pick<SimulatorOptions, 'limits' | 'latencyMs' | 'faultShare' | 'seed' | 'minuteMs'>;

/** Environment of a process that asks the simulators: the keys they accept, which open nothing else. */
export const SIMULATED_KEYS = {
  ASSAY_VIRUSTOTAL_KEY: SIMULATED.virustotal.key,
  ASSAY_WILDFIRE_KEY: SIMULATED.wildfire.key,
} as const;

/** Starts one simulated source with its own clock. */
export function startSimulated(source: SimulatedSource, options: Partial<SimulatedOptions>): Promise<Simulator> {
  return SIMULATED[source].create({
    port: 0,
    key: SIMULATED[source].key,
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 1, most: 5 },
    faultShare: 0,
    seed: 1,
    now: () => Date.now(),
    minuteMs: 60_000,
    tls: null,
    ...options,
  });
}

/** Stamps the directory as simulated and sets its sources up; they must have been started. */
export async function setUpDirectory(
  directory: string,
  sources: Readonly<Partial<Record<SimulatedSource, { readonly url: string; readonly change: SourceConfigChange }>>>,
): Promise<void> {
  const database = await openInlineDatabase(directory);
  try {
    await database.write('stampSimulated', undefined);
  } finally {
    await database.close();
  }
  const engine = await openAsking(directory, 60_000);
  try {
    for (const [source, given] of Object.entries(sources)) {
      await engine.sources.set(source as SimulatedSource, {
        url: given.url,
        plan: 'paid',
        licenceAccepted: true,
        enabled: true,
        callsPerMinute: null,
        callsPerDay: null,
        callsPerMonth: null,
        ...given.change,
      });
    }
  } finally {
    await engine.dispose();
  }
}

/** The engine of a terminal on the directory, with minutes of this length. Keys come from the environment. */
export function openAsking(directory: string, minuteMs: number, avoid = true): Promise<Engine> {
  return createEngine({
    directory,
    threads: 'inline',
    shell: 'terminal',
    asking: { minuteMs, avoid },
    onFault: (what, error) => console.error(`${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
  });
}

/** The n-th SHA-256 of a seeded run. */
export function soakDigest(seed: number, n: number): HexDigest {
  return createHash('sha256').update(`soak ${seed} ${n}`).digest('hex') as HexDigest;
}

/** Queues digests of one kind as new hashes of no intake. */
export async function queueNew(
  engine: Pick<Engine, 'database'>,
  source: SimulatedSource,
  digests: readonly HexDigest[],
): Promise<void> {
  await engine.database.write(
    'enqueue',
    {
      source: sourceCode(source),
      kind: 'sha256',
      digests: Buffer.from(digests.join(''), 'hex'),
      purpose: 'new',
      intakeId: null,
      stage: 0,
      stopOnMalicious: false,
      force: false,
      at: Date.now(),
    },
    'bulk',
  );
}
