import { fuzz, type FuzzPlan } from './fuzz.ts';

/** Runs the fuzzing of everything that reads what is dropped, and says what came of it. Returns the exit code. */
export async function reportFormats(plan: FuzzPlan): Promise<number> {
  const { seed, say } = plan;
  say(
    `fuzzing for ${Math.round(plan.forMs / 60_000)} minutes from input ${plan.from}, seed ${seed}; failing inputs in ${plan.failures}`,
  );
  const { inputs, reads, formats, slowestMs, residentMb, wrong } = await fuzz(plan);
  const counts = [...formats]
    .toSorted(([, left], [, right]) => right - left)
    .map(([format, count]) => `${format} ${count}`);
  say(`${inputs} inputs read ${reads} times, seed ${seed}; at most ${slowestMs} ms for one and ${residentMb} MB`);
  say(`read as: ${counts.join(', ')}`);
  say(
    wrong.length === 0
      ? 'everything holds'
      : `${wrong.length} things do not hold; seed ${seed}, inputs in ${plan.failures}`,
  );
  return wrong.length === 0 ? 0 : 1;
}
