import { openInlineDatabase } from './db/threads/inline-client.ts';
import type { Database } from './db/port.ts';
import { openWorkerDatabase } from './db/threads/worker-client.ts';
import { createJobBoard } from './jobs/job-board.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import { makeDataDirectory } from './platform/data-directory.ts';
import { programName } from './platform/program.ts';
import { downloadsFolder, folderSaveTarget, saveTargetOutside } from './platform/save-target.ts';
import { workerEntry } from './platform/worker-entry.ts';
import { createAsking } from './services/asking.ts';
import { createCache } from './services/cache/cache.ts';
import { startChangePushes } from './services/change-pushes.ts';
import type { Engine, EngineOptions, PushListener } from './services/engine-port.ts';
import { createFindings } from './services/findings.ts';
import { createHandleStore } from './services/handle-store.ts';
import { createHandlers } from './services/handlers/index.ts';
import { createHashList } from './services/hash-list/hash-list.ts';
import type { IntakeService } from './services/intake/port.ts';
import { createIntakes } from './services/intake/create-intakes.ts';
import { createKnownSets } from './services/known-sets/known-sets.ts';
import { createOverTime } from './services/over-time.ts';
import { createLife } from './services/life/life.ts';
import { memoryPreferences } from './services/memory-preferences.ts';
import { createAcceleratorKeeper } from './services/triage/accelerator/keeper.ts';
import { analystName } from './settings/analyst.ts';
import { isSimulated } from './services/simulated/stamp.ts';
import { startNotice } from './services/start-notice.ts';
import { createSettings } from './settings/settings.ts';

/** Builds the parts, starts them, and stops them in reverse order. The three shells open what comes back. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { directory, threads } = options;
  const clock = options.clock ?? systemClock;
  makeDataDirectory(directory);
  const database = await openDatabase(options);
  try {
    return await assemble(options, database, clock);
  } catch (error) {
    await database.close();
    throw error;
  }

  async function assemble(options: EngineOptions, database: Database, clock: Clock): Promise<Engine> {
    const { version, readBy } = programName();
    const notice = startNotice(database.salvaged);
    const listeners = new Set<PushListener>();
    const push: PushListener = (name, payload) => {
      for (const listener of listeners) {
        listener(name, payload);
      }
    };
    const settings = createSettings(database, clock);
    const analyst = (): Promise<string> => analystName(settings);

    const life = createLife({
      database,
      intakes: await createIntakes(database, { threads, clock, readBy }),
      settings,
      clock,
      bytesPerMiB: options.bytesPerMiB,
      onFault: (error) => options.onFault?.('life', error),
    });
    const { intakes } = life;
    const countIntakesHolding: IntakeService['seenIn'] = (files) => intakes.seenIn(files);
    const hashList = createHashList(database, { clock, analyst, countIntakesHolding });
    const simulated = await isSimulated(database, options.simulated ?? false);
    const knownSets = createKnownSets(database, directory, { clock, threads });
    const asking = createAsking({ options, database, clock, settings, intakes, knownSets, life, simulated });
    const { sources, outbound, recording } = asking;
    const lifeService = life.withEffects(sources);
    const overTime = createOverTime({ options, database, clock, settings, intakes, hashList, sources, recording });
    const findings = createFindings({ options, database, clock, intakes, analyst, madeBy: readBy });
    const accelerator = createAcceleratorKeeper(database, {
      onFault: (error) => options.onFault?.('accelerator', error),
    });
    const letGo = async (): Promise<void> => {
      await Promise.all([accelerator.dispose(), intakes.dispose()]);
    };
    const cache = createCache(database, { clock, letGo, life });
    const jobs = createJobBoard(clock, (error) => options.onFault?.('job', error));
    const handles = createHandleStore();
    const stopJobs = jobs.onJob((job) => push('job', job));
    const stopPushes = startChangePushes({
      database,
      intakes,
      push: (payload) => push('changed', payload),
      onFault: (error) => options.onFault?.('rejudge', error),
    });
    const stopSeeking = options.shell === 'terminal' ? () => Promise.resolve() : outbound.seek();

    if (threads === 'workers') {
      accelerator.follow();
    }

    const services = {
      startNotice: notice,
      simulated,
      intakes,
      hashList,
      knownSets,
      cache,
      analyst,
      ...asking,
      ...overTime,
      ...findings,
      life: lifeService,
    };
    return {
      directory,
      database,
      accelerator,
      ...services,
      handlers: createHandlers({
        ...services,
        options,
        version,
        jobs,
        handles,
        clock,
        settings,
        preferences: options.preferences ?? memoryPreferences(),
        saveTarget: saveTargetOutside(directory, options.saveTarget ?? folderSaveTarget(downloadsFolder)),
      }),
      onPush(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      registerPaths: (paths) => handles.addPaths(paths),
      busy: () => jobs.busy(),
      async dispose() {
        await stopSeeking();
        await jobs.dispose();
        await overTime.dispose();
        await asking.dispose();
        await life.dispose();
        stopJobs();
        await stopPushes();
        await letGo();
        await database.close();
        listeners.clear();
      },
    };
  }
}

function openDatabase({ directory, threads }: EngineOptions): Promise<Database> {
  return threads === 'inline'
    ? openInlineDatabase(directory)
    : openWorkerDatabase(directory, workerEntry('db-worker', new URL('./db/worker.ts', import.meta.url)));
}
