import { SIMULATED_SOURCES } from '#main/simulators/start.ts';
import { DAY, requestCount } from '../../integration/life/life-world.ts';
import { checkQuotas } from '../../integration/life/check-life.ts';
import { compareBoard, createComparison } from './compare.ts';
import { callsOf } from './expected.ts';
import { forecastErrors, type ForecastError } from './forecast-error.ts';
import { lookAtGauges } from './look.ts';
import { LIMITS, QUARTER_START } from './plan.ts';
import { quarter, type QuarterPlan } from './quarter.ts';

/** Requests that a process may have on their way when it is killed: five sources, each with the most connections. */
const MOST_LOST_PER_KILL = 40;

/** Lives a quarter, prints what it came to and returns what does not hold, as sentences. */
export async function reportQuarter(plan: QuarterPlan): Promise<readonly string[]> {
  const result = createComparison();
  const looks = { compared: 0, skipped: 0 };
  const { world, seconds, faults, forecasts } = await quarter(plan, {
    compare: (lived) => compareBoard(lived, result),
    look: (lived) => lookAtGauges(lived, result, looks),
  });
  plan.say(
    `${seconds.toFixed(0)} s, ${requestCount(world.simulators)} requests, ${world.killed.length} kills; ${result.lost} requests ` +
      `on their way were lost with their process, ${result.unarrived} of them before they left`,
  );
  plan.say(
    `${result.compared} figures of the board compared, ${result.wrong.size} differ; gauges looked at ${looks.compared} times, ` +
      `${looks.skipped} more while sources were asked`,
  );
  tellForecasts(plan, world, forecasts);
  const quotas = SIMULATED_SOURCES.flatMap((source) =>
    checkQuotas(world.simulators[source]?.log ?? [], LIMITS[source]).map((what) => `${source}: ${what}`),
  );
  const checks: readonly (readonly [boolean, string])[] = [
    [result.compared > 0, 'nothing was compared'],
    [looks.compared > 0, 'gauges were never compared'],
    [world.killed.length === plan.kills, `${world.killed.length} of ${plan.kills} kills happened`],
    [result.lost <= plan.kills * MOST_LOST_PER_KILL, `${result.lost} requests were lost`],
  ];
  const unmet = checks.filter(([holds]) => !holds).map(([, what]) => what);
  return [...unmet, ...result.wrong, ...quotas, ...faults.slice(0, 20)];
}

function tellForecasts(
  plan: QuarterPlan,
  world: Awaited<ReturnType<typeof quarter>>['world'],
  forecasts: Awaited<ReturnType<typeof quarter>>['forecasts'],
): void {
  const logs = Object.fromEntries(SIMULATED_SOURCES.map((source) => [source, world.simulators[source]?.log ?? []]));
  for (const one of forecastErrors(forecasts, logs, callsOf, QUARTER_START + plan.days * DAY)) {
    plan.say(
      `${one.source}, ${one.window}, ${one.samples} forecasts: ${worded(one.forecast)}; by pace ${worded(one.pace)}`,
    );
  }
}

function worded({ percent, endMinutes, ends }: ForecastError): string {
  const end = endMinutes === null ? '' : `, end ${endMinutes.toFixed(0)} min off`;
  return `${percent.toFixed(0)} % off${end} (${ends.told} ends told, ${ends.missed} missed, ${ends.false} false)`;
}
