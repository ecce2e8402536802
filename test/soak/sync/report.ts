import { syncSoak, type SyncSoakPlan } from './soak.ts';

/** Runs the soak of threat sync and says what came of it. Returns the exit code: 1 when something does not hold. */
export async function reportSync(plan: SyncSoakPlan): Promise<number> {
  const { indicators, seed, faultShare, kills, say } = plan;
  say(`${indicators} indicators, seed ${seed}, ${faultShare * 100} % faults, ${kills} kills`);
  const result = await syncSoak(plan);
  say(
    `${result.seconds.toFixed(0)} s, ${result.kills} kills, ${result.faults} faults in ${result.requests} requests, ` +
      `${result.writes} writes; ${result.documents} documents with ${result.terms} terms, ${result.listed} files listed; ` +
      `${result.peakMb.toFixed(0)} MB at most`,
  );
  for (const what of result.wrong) {
    console.error(`DOES NOT HOLD ${what}`);
  }
  say(result.wrong.length === 0 ? 'everything holds' : `${result.wrong.length} things do not hold`);
  return result.wrong.length === 0 ? 0 : 1;
}
