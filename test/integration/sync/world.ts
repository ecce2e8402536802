import { onTestFinished } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Timer } from '#main/jobs/outbound/port.ts';
import type { Engine, EngineOptions } from '#main/services/engine-port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { SIMULATED_TANIUM, type TaniumOptions, type TaniumSimulator } from '#main/simulators/tanium/port.ts';
import {
  createThreatConnectSimulator,
  type ThreatConnectOptions,
  type ThreatConnectSimulator,
} from '#main/simulators/threatconnect/simulator.ts';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { RunKind } from '#shared/domain/indicator.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import { memorySecrets, type MemorySecrets } from '../asking/memory-secrets.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';

/** A simulated data directory, both services, and an engine that runs what is asked for. */
export interface SyncWorld {
  readonly directory: string;
  readonly engine: Engine;
  readonly secrets: MemorySecrets;
  readonly threatConnect: ThreatConnectSimulator;
  readonly tanium: TaniumSimulator;
  /** Faults of background work. A test that expects none looks here. */
  readonly faults: unknown[];
  /** A job that points at both simulators, with its secrets. */
  job(change?: SyncJobChange, name?: string): Promise<SyncJobView>;
  /** Asks for a run and waits until it ended. */
  run(jobId: number, kind?: Extract<RunKind, 'run' | 'reconcile' | 'dry-run'>): Promise<SyncRunView>;
  ended(runId: number): Promise<SyncRunView>;
  /** Ends the engine as an ending process does, and opens another one on the same directory. */
  restart(): Promise<SyncWorld>;
}

export interface WorldOptions {
  readonly threatConnect?: Partial<ThreatConnectOptions>;
  readonly tanium?: Partial<TaniumOptions>;
  readonly engine?: Partial<EngineOptions>;
  /** Simulators that are there already. */
  readonly services?: Pick<SyncWorld, 'threatConnect' | 'tanium' | 'secrets' | 'directory'>;
  /** Does no runs. */
  readonly isIdle?: boolean;
}

export const TC = { accessId: '12345678901234567890', secretKey: 'simulated-secret-key', token: 'APIV2:simulated' };

/** Waits take a hundredth of their time. */
export const fastTimer: Timer = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.ceil(milliseconds / 100)).unref();
    return () => clearTimeout(timer);
  },
};

export async function syncWorld(options: WorldOptions = {}): Promise<SyncWorld> {
  const services = options.services ?? (await startServices(options));
  const { directory, secrets, threatConnect, tanium } = services;
  const faults: unknown[] = [];
  const engine = await createEngine({
    directory,
    threads: 'inline',
    shell: 'terminal',
    simulated: true,
    secrets,
    asking: { timer: fastTimer },
    onFault: (what, error) => faults.push([what, error]),
    ...options.engine,
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) {
      isOpen = false;
      await engine.dispose();
    }
  };
  onTestFinished(close);
  if (options.isIdle !== true) {
    engine.outbound.seek();
  }
  const sync = engine.threatSync;
  const ended = async (runId: number): Promise<SyncRunView> => {
    for (;;) {
      const run = await sync.run(runId);
      if (run.state !== 'requested' && run.state !== 'running') {
        return run;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    ...services,
    engine,
    faults,
    ended,
    async job(change = {}, name = 'Feed') {
      const { id } = await sync.create({ name, change: { ...settingsOf(threatConnect, tanium), ...change } });
      await sync.setSecret(id, 'threatconnect', TC.secretKey);
      await sync.setSecret(id, 'tanium', SIMULATED_TANIUM.password);
      const { jobs } = await sync.jobs();
      const made = jobs.find((job) => job.id === id);
      if (made === undefined) {
        throw new Error('the job is not there');
      }
      return made;
    },
    async run(jobId, kind = 'run') {
      return ended((await sync.request({ jobId, kind })).id);
    },
    async restart() {
      await close();
      return syncWorld({ ...options, services });
    },
  };
}

/** What a job needs to reach the simulators. */
export function settingsOf(threatConnect: ThreatConnectSimulator, tanium: TaniumSimulator): SyncJobChange {
  return {
    threatConnectUrl: threatConnect.url,
    accessId: TC.accessId,
    threatConnectProxy: { kind: 'none' },
    taniumUrl: tanium.url,
    taniumUsername: SIMULATED_TANIUM.username,
    taniumProxy: { kind: 'none' },
    guardShare: 100,
  };
}

/** Everything searched for now, sorted. */
export function termsOf(tanium: TaniumSimulator): string[] {
  return tanium.control
    .terms('ThreatConnect')
    .map(({ search, content }) => `${search} ${content}`)
    .sort();
}

async function startServices(options: WorldOptions): Promise<NonNullable<WorldOptions['services']>> {
  const threatConnect = await createThreatConnectSimulator({ ...TC, ...options.threatConnect });
  const tanium = await createTaniumSimulator(options.tanium);
  onTestFinished(async () => {
    await threatConnect.close();
    await tanium.close();
  });
  return { directory: temporaryDirectory(), secrets: memorySecrets(), threatConnect, tanium };
}
