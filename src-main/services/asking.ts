import type { Clock } from '../platform/clock.ts';
import type { Database } from '../db/port.ts';
import { createNetwork } from '../net/network.ts';
import { createSecrets } from '../platform/secrets/secrets.ts';
import { providers } from '../providers/index.ts';
import type { SettingsService } from '../settings/settings.ts';
import type { EngineOptions } from './engine-port.ts';
import type { IntakeService } from './intake/port.ts';
import type { Life } from './life/life.ts';
import { createLookup } from './lookup/lookup.ts';
import type { LookupService } from './lookup/port.ts';
import { createOutbound } from './outbound/outbound.ts';
import type { OutboundService } from './outbound/port.ts';
import { createScanning } from './scanning/scanning.ts';
import type { ScanningService } from './scanning/port.ts';
import type { SourcesService } from './sources/port.ts';
import { createSources } from './sources/sources.ts';
import type { KnownSetsService } from './known-sets/port.ts';
import { buildThreatSync } from './threat-sync/build.ts';
import type { ThreatSyncService } from './threat-sync/port.ts';
import { createRecording, type Recording } from './usage/recording/recording.ts';

const MINUTE_MS = 60_000;

export interface Asking {
  readonly sources: SourcesService;
  readonly outbound: OutboundService;
  readonly scanning: ScanningService;
  readonly lookup: LookupService;
  readonly threatSync: ThreatSyncService;
  readonly recording: Recording;
  dispose(): Promise<void>;
}

/** Everything that reaches out, built together: settings and keys, the queue and its owner, plans, single hashes, threat sync. */
export function createAsking(parts: {
  readonly options: EngineOptions;
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: SettingsService;
  readonly intakes: IntakeService;
  readonly knownSets: KnownSetsService;
  readonly life: Life;
  readonly simulated: boolean;
}): Asking {
  const { options, database, clock, settings, intakes, life, simulated } = parts;
  const minuteMs = options.asking?.minuteMs ?? MINUTE_MS;
  const avoid = options.asking?.avoid ?? true;
  const room: Life['room'] = (count, signal) => life.room(count, signal);
  const secrets =
    options.secrets ??
    createSecrets({
      directory: options.directory,
      env: process.env,
      chosen: async () => (await settings.get()).keysKeptIn,
      choose: async (place) => void (await settings.set({ keysKeptIn: place })),
    });
  const network =
    options.network ??
    createNetwork({
      isOffline: async () => (await settings.get()).offline,
      directory: simulated ? 'simulated' : 'real',
    });
  const sources = createSources({ database, settings, secrets, network, providers, clock, simulated, minuteMs });
  const threatSync = buildThreatSync({
    database,
    clock,
    settings,
    secrets,
    network,
    intakes,
    knownSets: parts.knownSets,
    simulated,
    onFault: (error) => options.onFault?.('sync', error),
  });
  const recording = createRecording({
    database,
    intakes,
    clock,
    countsAtOnce: options.shell !== 'terminal',
    size: () => life.size(),
    onFault: (error) => options.onFault?.('usage', error),
  });
  const outbound = createOutbound({
    database,
    directory: options.directory,
    shell: options.shell,
    settings,
    sources,
    intakes,
    clock,
    ...(options.asking?.timer === undefined ? {} : { timer: options.asking.timer }),
    minuteMs,
    avoid,
    beside: [
      (timer) => life.startKeeping(timer),
      (timer) => threatSync.startRuns(timer),
      (timer) => recording.startSampling(timer),
    ],
    onFault: (error) => options.onFault?.('outbound', error),
  });
  const scanning = createScanning({
    database,
    intakes,
    settings,
    sources,
    clock,
    minuteMs,
    avoid,
    room,
    onFault: (error) => options.onFault?.('receive', error),
  });
  const lookup = recording.asReceived(
    life.asLookedUp(createLookup({ database, intakes, settings, sources, clock, minuteMs, simulated, room })),
  );
  return {
    sources,
    outbound,
    scanning,
    lookup,
    threatSync: threatSync.service,
    recording,
    async dispose() {
      await scanning.dispose();
      await outbound.dispose();
      await recording.dispose();
      await threatSync.dispose();
      await sources.dispose();
      await secrets.dispose();
    },
  };
}
