// `node test/bench/sync-slices.ts DIRECTORY JOB_AS_JSON`: how long a sync job holds the database at a time, in the first run and in
// one that compares everything again. Secrets come from the environment. Prints one line of JSON.
import { buildThreatSync } from '#main/services/threat-sync/build.ts';
import { createNetwork } from '#main/net/network.ts';
import { systemTimer } from '#main/jobs/outbound/system-timer.ts';
import { systemClock } from '#main/platform/clock.ts';
import { makeDataDirectory } from '#main/platform/data-directory.ts';
import type { IntakeService } from '#main/services/intake/port.ts';
import type { KnownSetsService } from '#main/services/known-sets/port.ts';
import { createSettings } from '#main/settings/settings.ts';
import type { SyncJobChange } from '#shared/settings/sync-job.ts';
import { memorySecrets } from '../integration/asking/memory-secrets.ts';
import { openTimedDatabase } from './timed-database.ts';

/** Milliseconds of processor time, and the name of the repository function. */
export interface SyncSlices {
  readonly longestSlice: readonly [name: string, milliseconds: number];
  readonly longestRead: readonly [name: string, milliseconds: number];
}

const [directory = '', change = '{}'] = process.argv.slice(2);
const { ASSAY_SYNC_1_THREATCONNECT_KEY: threatConnect = '', ASSAY_SYNC_1_TANIUM_KEY: tanium = '' } = process.env;
const alive = setInterval(() => undefined, 1_000);
makeDataDirectory(directory);
const { database, times } = openTimedDatabase(directory);
await database.write('stampSimulated', undefined);
const sync = buildThreatSync({
  database,
  network: createNetwork({ isOffline: async () => false, directory: 'simulated' }),
  clock: systemClock,
  settings: createSettings(database, systemClock),
  secrets: memorySecrets({ 'sync-1-threatconnect': threatConnect, 'sync-1-tanium': tanium }, 'environment'),
  intakes: nothingKnown(),
  knownSets: { putMade: async () => undefined } as unknown as KnownSetsService,
  simulated: true,
  onFault: (error) => console.error(error),
});
const { service } = sync;
const { id: jobId } = await service.create({ name: 'Bench', change: JSON.parse(change) as SyncJobChange });
await service.setSecret(jobId, 'threatconnect', threatConnect);
await service.setSecret(jobId, 'tanium', tanium);
const stop = sync.startRuns(systemTimer(systemClock));
await run('reconcile');
await run('reconcile');
await stop();
await sync.dispose();
await database.close();
clearInterval(alive);
console.log(
  JSON.stringify({ longestSlice: longest(times.slices), longestRead: longest(times.reads) } satisfies SyncSlices),
);

async function run(kind: 'reconcile'): Promise<void> {
  const { id } = await service.request({ jobId, kind });
  for (;;) {
    const { state, message } = await service.run(id);
    if (state === 'done') {
      return;
    }
    if (state !== 'requested' && state !== 'running') {
      throw new Error(`the run ended as ${state}: ${message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** No list and no set knows any file: what is asked of them is measured elsewhere. */
function nothingKnown(): IntakeService {
  return {
    standing: async (files: readonly unknown[]) => ({
      standings: files.map(() => ({ status: null, harmless: null })),
      problems: [],
    }),
  } as unknown as IntakeService;
}

function longest(found: ReadonlyMap<string, number>): readonly [string, number] {
  return [...found].toSorted(([, a], [, b]) => b - a)[0] ?? ['', 0];
}
