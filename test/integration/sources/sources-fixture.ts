import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#main/db/port.ts';
import { openInlineDatabase } from '#main/db/threads/inline-client.ts';
import { createNetwork } from '#main/net/network.ts';
import type { Network } from '#main/net/port.ts';
import { providers } from '#main/providers/index.ts';
import type { Provider } from '#main/providers/port.ts';
import { createSources } from '#main/services/sources/sources.ts';
import type { SourcesService } from '#main/services/sources/port.ts';
import { createSettings, type SettingsService } from '#main/settings/settings.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { createVirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { memorySecrets, type MemorySecrets } from '#test/integration/asking/memory-secrets.ts';

export const KEY = 'simulated-virustotal-key';
export const NEVER = new AbortController().signal;
/** 12 November 2026, 10:00 UTC. */
export const START = Date.UTC(2026, 10, 12, 10);

const closers: (() => Promise<unknown>)[] = [];

/** Ends everything that was started, the newest first. */
export async function cleanUp(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) {
    await close();
  }
}

export interface World {
  readonly folder: string;
  readonly sources: SourcesService;
  readonly database: Database;
  readonly settings: SettingsService;
  readonly secrets: MemorySecrets;
  /** Clients that were made and how many of them were closed. */
  readonly clients: { made: number; closed: number };
  clock: { at: number };
}

export interface WorldOptions {
  readonly folder?: string;
  readonly simulated?: boolean;
  readonly secrets?: MemorySecrets;
  readonly providers?: readonly Provider[];
}

/** The sources of a data directory as one process has them, over a real database and a real network. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { simulated = true } = options;
  const folder = options.folder ?? newFolder();
  const database = await openInlineDatabase(folder);
  const clock = { at: START };
  const time = { now: () => clock.at };
  const settings = createSettings(database, time);
  const secrets = options.secrets ?? memorySecrets({ virustotal: KEY });
  const clients = { made: 0, closed: 0 };
  const sources = createSources({
    database,
    settings,
    secrets,
    network: counted(
      createNetwork(
        { isOffline: async () => (await settings.get()).offline, directory: simulated ? 'simulated' : 'real' },
        {},
      ),
      clients,
    ),
    providers: options.providers ?? providers,
    clock: time,
    simulated,
  });
  closers.push(async () => {
    await sources.dispose();
    await database.close();
  });
  return { folder, sources, database, settings, secrets, clients, clock };
}

export async function simulateVirusTotal(change: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const simulator = await createVirusTotalSimulator({
    port: 0,
    key: KEY,
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed: 1,
    now: () => START,
    minuteMs: 60_000,
    tls: null,
    ...change,
  });
  closers.push(() => simulator.close());
  return simulator;
}

/** A simulated VirusTotal, and a world whose VirusTotal is that one, enabled. */
export async function openAsking(change: Partial<SimulatorOptions> = {}): Promise<World & { simulator: Simulator }> {
  const simulator = await simulateVirusTotal(change);
  const world = await openWorld();
  await world.sources.set('virustotal', {
    url: simulator.url,
    enabled: true,
    plan: 'paid',
    proxy: { kind: 'none' },
  });
  return { ...world, simulator };
}

export async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error('it worked');
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-sources-'));
  closers.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  return folder;
}

function counted(network: Network, clients: { made: number; closed: number }): Network {
  return {
    client(options) {
      clients.made += 1;
      const client = network.client(options);
      return {
        send: (request, signal) => client.send(request, signal),
        async close() {
          clients.closed += 1;
          await client.close();
        },
      };
    },
  };
}
