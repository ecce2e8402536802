import { expect, onTestFinished } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { createNetwork } from '#main/net/network.ts';
import { systemClock } from '#main/platform/clock.ts';
import type { IntakeService } from '#main/services/intake/port.ts';
import { buildThreatSync } from '#main/services/threat-sync/build.ts';
import { createSettings } from '#main/settings/settings.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { SIMULATED_TANIUM, type TaniumSimulator } from '#main/simulators/tanium/port.ts';
import { createThreatConnectSimulator, type ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import type { SyncRunView } from '#shared/contract/sync.ts';
import { memorySecrets } from '../asking/memory-secrets.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { killable, type KillPoint } from './killable.ts';
import { fastTimer, settingsOf, TC } from './world.ts';

/** What a job left behind: terms and labels of each document by name. */
export type EndState = Readonly<
  Record<string, { readonly terms: readonly string[]; readonly labels: readonly string[] }>
>;

/** What goes wrong on the way; nothing by default. */
export interface Trouble {
  readonly kill?: KillPoint;
  /** So many writes into it, an answer is lost although the write was done. */
  readonly lostAfter?: number;
  /** Share of requests that fail at random. */
  readonly faultShare?: number;
}

export interface Converged {
  readonly end: EndState;
  /** Writes and requests of the second run, where nothing went wrong. */
  readonly steps: number;
  /** States in which its runs ended. */
  readonly states: readonly string[];
}

const INDICATORS = 60;
const SEEDED_AT = Date.UTC(2026, 10, 20);

/**
 * A first sync without trouble, then changes of every kind, then a second one that meets trouble and is continued by further
 * processes until it ended well. Then one more, which must find nothing to do.
 */
export async function converge(trouble: Trouble = {}): Promise<Converged> {
  const stage = await openStage(trouble.faultShare ?? 0);
  const { tanium, threatConnect } = stage;
  const first = stage.begin(null);
  const { id: jobId } = await first.service.create({
    name: 'Feed',
    change: { ...settingsOf(threatConnect, tanium), packageSize: 6, labels: 2 },
  });
  await first.service.setSecret(jobId, 'threatconnect', TC.secretKey);
  await first.service.setSecret(jobId, 'tanium', SIMULATED_TANIUM.password);
  await untilDone(first, jobId);
  await first.end();
  changeAll(threatConnect);

  if (trouble.lostAfter !== undefined) {
    tanium.control.dropReplyAfterWrite(1, trouble.lostAfter);
  }
  const second = stage.begin(trouble.kill ?? null);
  const states: string[] = [];
  const ended = await Promise.race([second.run(jobId), second.died]);
  const steps = second.count();
  if (ended !== undefined) {
    states.push(ended.state);
    await second.end();
  }
  for (let tries = 0; states.at(-1) !== 'done' && tries < 20; tries += 1) {
    const next = stage.begin(null);
    states.push((await next.run(jobId)).state);
    await next.end();
  }
  const end = endState(tanium);
  await expectNothingLeft(stage, jobId);
  return { end, steps, states };
}

/** A run that random faults ended is asked for again. */
async function untilDone(process: Process, jobId: number): Promise<SyncRunView> {
  let run = await process.run(jobId);
  for (let tries = 0; run.state !== 'done' && tries < 20; tries += 1) {
    run = await process.run(jobId);
  }
  return run;
}

interface Stage {
  readonly threatConnect: ThreatConnectSimulator;
  readonly tanium: TaniumSimulator;
  begin(kill: KillPoint | null): Process;
}

interface Process {
  readonly service: ReturnType<typeof buildThreatSync>['service'];
  readonly died: Promise<void>;
  count(): number;
  /** Asks for a reconcile and waits for its end, and for that of anything left from before. */
  run(jobId: number): Promise<SyncRunView>;
  end(): Promise<void>;
}

async function openStage(faultShare: number): Promise<Stage> {
  const threatConnect = await createThreatConnectSimulator({
    ...TC,
    indicators: INDICATORS,
    seededAt: SEEDED_AT,
    faultShare,
  });
  const tanium = await createTaniumSimulator({ faultShare });
  const database = await openInlineDatabase(temporaryDirectory());
  const secrets = memorySecrets();
  const settings = createSettings(database, systemClock);
  const network = createNetwork({ isOffline: async () => false, directory: 'simulated' });
  const faults: unknown[] = [];
  onTestFinished(async () => {
    await threatConnect.close();
    await tanium.close();
    await database.close();
    expect(faults).toEqual([]);
  });
  return {
    threatConnect,
    tanium,
    begin(kill) {
      const process = killable(database, network, kill);
      const sync = buildThreatSync({
        database: process.database,
        network: process.network,
        clock: systemClock,
        settings,
        secrets,
        intakes: NOTHING_KNOWN,
        knownSets: { putMade: async () => undefined } as never,
        simulated: true,
        onFault: (error) => faults.push(error),
      });
      const stop = sync.startRuns(fastTimer);
      const { service } = sync;
      return {
        service,
        died: process.died,
        count: () => process.count(),
        async run(jobId) {
          const asked = await service.request({ jobId, kind: 'reconcile' });
          for (;;) {
            const run = await service.run(asked.id);
            if (run.state !== 'requested' && run.state !== 'running') {
              return run;
            }
            await new Promise((resolve) => setTimeout(resolve, 2));
          }
        },
        async end() {
          await stop();
          await sync.dispose();
        },
      };
    },
  };
}

/** No list and no set knows any file. */
const NOTHING_KNOWN = {
  standing: async (files: readonly unknown[]) => ({
    standings: files.map(() => ({ status: null, harmless: null })),
    problems: [],
  }),
} as unknown as IntakeService;

/** New, changed, retagged, switched off and deleted ones, and enough new ones to split packages. */
function changeAll({ control }: ThreatConnectSimulator): void {
  const [one] = control.indicators();
  const ids = control.indicators().map(({ id }) => id);
  const owner = one?.owner ?? '';
  ids.forEach((id, index) => {
    switch (index % 6) {
      case 0:
        control.remove(id);
        break;
      case 1:
        control.setActive(id, false);
        break;
      case 2:
        control.change(id, { tags: ['Fresh tag', 'Another'] });
        break;
      default:
        break;
    }
  });
  for (let index = 0; index < 30; index += 1) {
    control.put({ type: 'Host', summary: `new-${index}.attacker.com`, owner, rating: 4 });
  }
}

function endState(tanium: TaniumSimulator): EndState {
  const { control } = tanium;
  const own = control.intels().filter(({ type }) => type === 'openioc');
  expect(new Set(own.map(({ intrinsicId }) => intrinsicId)).size).toBe(own.length);
  const terms = control.terms('ThreatConnect');
  return Object.fromEntries(
    own
      .map((intel) => {
        const of = terms
          .filter(({ intelId }) => intelId === intel.id)
          .map(({ search, content }) => `${search} ${content}`);
        return [intel.name, { terms: of.sort(), labels: control.labelsOf(intel.id) }] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

async function expectNothingLeft(stage: Stage, jobId: number): Promise<void> {
  const { control } = stage.tanium;
  expect(control.isUndeployed()).toBe(false);
  const before = control.writes();
  const last = stage.begin(null);
  const run = await untilDone(last, jobId);
  const { state, message, counts } = run;
  expect([state, message, counts.new, counts.changed, counts.withdrawn]).toEqual(['done', '', 0, 0, 0]);
  await last.end();
  expect(control.writes()).toEqual(before);
}
