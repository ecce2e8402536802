import { join } from 'node:path';
import { differences, type EndState, endStateOf } from './end-state.ts';
import { planKills, postponed, type RoundWork, type SoakKill } from './kills.ts';
import { checkLedger } from './ledger-check.ts';
import { finish, type Life } from './life.ts';
import { randomOf, ROUNDS } from './rounds.ts';
import { type FaultyServices, jobOf, startServices } from './services.ts';

export interface SyncSoakPlan {
  /** For two data directories. */
  readonly folder: string;
  readonly seed: number;
  readonly indicators: number;
  readonly packageSize: number;
  readonly faultShare: number;
  readonly kills: number;
  readonly say: (line: string) => void;
}

export interface SyncSoakResult {
  readonly seconds: number;
  readonly kills: number;
  readonly requests: number;
  readonly faults: number;
  readonly documents: number;
  readonly terms: number;
  readonly listed: number;
  readonly writes: number;
  readonly peakMb: number;
  /** What does not hold, in sentences. */
  readonly wrong: readonly string[];
}

/** What became of one world. */
interface World {
  readonly work: readonly RoundWork[];
  /** After each round. */
  readonly rounds: readonly EndState[];
  readonly end: EndState;
  readonly kills: number;
  readonly met: ReturnType<FaultyServices['met']>;
  readonly writes: number;
  readonly peakMb: number;
  readonly wrong: readonly string[];
}

/** Each world with its own clock would seed other dates. */
const SEEDED_AT = Date.now();

/**
 * Lives the same rounds twice: without trouble, then with faults on both sides and processes that are killed; each round is
 * gone on with until it ended well. Both must end alike, package by package.
 */
export async function syncSoak(plan: SyncSoakPlan): Promise<SyncSoakResult> {
  const started = performance.now();
  plan.say('without trouble');
  const calm = await liveThrough(plan, 'calm', 0, []);
  plan.say('with faults and kills');
  const troubled = await liveThrough(plan, 'troubled', plan.faultShare, planKills(calm.work, plan.kills, plan.seed));
  const { documents, listed } = troubled.end;
  return {
    seconds: (performance.now() - started) / 1000,
    kills: troubled.kills,
    requests: troubled.met.toThreatConnect + troubled.met.toTanium,
    faults: troubled.met.faults,
    documents: documents.size,
    terms: [...documents.values()].reduce((sum, { terms }) => sum + terms, 0),
    listed: listed.length,
    writes: troubled.writes,
    peakMb: Math.max(calm.peakMb, troubled.peakMb),
    wrong: [
      ...calm.wrong.map((what) => `without trouble: ${what}`),
      ...troubled.wrong,
      ...compared(calm, troubled),
      ...(troubled.kills < plan.kills ? [`only ${troubled.kills} of ${plan.kills} kills were placed`] : []),
    ],
  };
}

function compared(calm: World, troubled: World): readonly string[] {
  const different = differences(calm.end, troubled.end);
  if (different.length === 0) {
    return calm.end.documents.size === 0 ? ['nothing was written'] : [];
  }
  const first = calm.rounds.findIndex((was, index) => {
    const is = troubled.rounds[index];
    return is === undefined || differences(was, is).length > 0;
  });
  return [...different, `the first round that ended otherwise: ${ROUNDS[first]?.name ?? 'the rest'}`];
}

async function liveThrough(
  plan: SyncSoakPlan,
  name: string,
  faultShare: number,
  planned: readonly (readonly SoakKill[])[],
): Promise<World> {
  const services = await startServices({ ...plan, seededAt: SEEDED_AT, faultShare });
  const life: Life = { directory: join(plan.folder, name), services, wrong: [], seen: { kills: 0, peakMb: 0 } };
  try {
    await finish(life, { kind: 'make', name: 'Feed', change: jobOf(services, plan.packageSize) }, []);
    const work: RoundWork[] = [];
    const rounds: EndState[] = [];
    let left: readonly SoakKill[] = [];
    for (const [index, round] of ROUNDS.entries()) {
      const started = performance.now();
      round.happen(services, randomOf(plan.seed, index));
      const gone = await finish(life, round.task(services), [...postponed(left), ...(planned[index] ?? [])]);
      left = gone.left;
      work.push(gone.work);
      rounds.push(endStateOf(services.tanium));
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      plan.say(`  ${round.name}: ${seconds} s, ${gone.work.steps} steps, ${gone.states.join(', ')}`);
    }
    const writes = services.tanium.control.writes().total;
    const end = await rest(life, rounds[1]?.foreign ?? '');
    life.wrong.push(...(await checkLedger(life, end)));
    return { work, rounds, end, writes, ...life.seen, met: services.met(), wrong: life.wrong };
  } finally {
    await services.close();
  }
}

/** Two comparisons without faults: the first may still mend something, the second must find nothing to do. */
async function rest(life: Life, foreign: string): Promise<EndState> {
  const { services, wrong } = life;
  services.calm();
  await finish(life, { kind: 'run', run: 'reconcile' }, []);
  const before = services.tanium.control.writes();
  const { run } = await finish(life, { kind: 'run', run: 'reconcile' }, []);
  const after = services.tanium.control.writes();
  if (after.total !== before.total) {
    wrong.push(`a reconcile with nothing new wrote ${after.total - before.total} times: ${JSON.stringify(after)}`);
  }
  if (run === null || run.counts.new + run.counts.changed + run.counts.withdrawn > 0) {
    wrong.push(`a reconcile with nothing new found something to do: ${JSON.stringify(run?.counts)}`);
  }
  if (services.tanium.control.isUndeployed()) {
    wrong.push('what was written last was not deployed');
  }
  const end = endStateOf(services.tanium);
  if (end.foreign !== foreign) {
    wrong.push('a document of somebody else was touched');
  }
  return end;
}
