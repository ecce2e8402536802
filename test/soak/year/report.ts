import type { LoggedRequest } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import { checkHistory, checkQuotas, type SetBack } from '../../integration/life/check-life.ts';
import { DAY, lifeDigests } from '../../integration/life/life-world.ts';
import { sayingOf } from '../../integration/life/sayings.ts';
import { mostInWindow } from '../sliding-window.ts';
import { endOf, eventsOf, LIMITS } from './plan.ts';
import type { YearPlan, YearResult } from './year.ts';

/** Prints what a year came to and returns what does not hold, as sentences. */
export function report(plan: YearPlan, result: YearResult): readonly string[] {
  const wrong: string[] = result.faults.slice(0, 20);
  plan.say(`${result.seconds.toFixed(0)} s, ${result.kills} kills`);
  for (const source of plan.sources) {
    wrong.push(...ofSource(plan, source, result.simulators[source]?.log ?? []).map((what) => `${source}: ${what}`));
  }
  for (const { previewed, purged } of result.purges) {
    plan.say(
      `purge: ${previewed.items} items and ${previewed.files} files previewed, ${purged.items} and ${purged.files} removed`,
    );
    if (JSON.stringify(previewed) !== JSON.stringify(purged)) {
      wrong.push('a purge did not remove what was previewed');
    }
  }
  if (result.purges.length > 0 && result.purges.every(({ purged }) => purged.items === 0)) {
    wrong.push('no purge removed anything');
  }
  const most = Math.max(0, ...result.sizes.map(({ bytes }) => bytes));
  const cap = result.sizes[0]?.cap ?? 0;
  plan.say(`size: at most ${mib(most)} of ${mib(cap)} MiB`);
  if (result.sizes.some((size) => size.bytes > size.cap)) {
    wrong.push('the database was larger than its maximum size');
  }
  return wrong;
}

/** The record of requests is kept for some months only: of older ones nobody knows whether they were heard. */
const PRUNED = 1;

function ofSource(plan: YearPlan, source: SimulatedSource, log: readonly LoggedRequest[]): string[] {
  const limits = LIMITS[source] ?? { perMinute: null, perDay: null, perMonth: null };
  const checked = checkHistory(plan.directory, source, log, sayingOf(source), PRUNED, setBacksOf(plan));
  const billed = log.reduce((sum, entry) => sum + entry.billed, 0);
  plan.say(
    `${source}: ${log.length} requests, ${billed} calls, at most ${mostInWindow(log, 60_000)} of ${limits.perMinute ?? '-'} a minute; ` +
      `${checked.items} items, ${checked.changes} changes, ${checked.wrong.length} not as told`,
  );
  const wrong = checked.wrong.slice(0, 5).map((what) => `history ${what}`);
  return [...wrong, ...checkQuotas(log, limits), ...listedMeanwhile(plan, source, log)];
}

function setBacksOf(plan: YearPlan): SetBack[] {
  return eventsOf(plan.hashes, plan.days).flatMap((event) =>
    event.kind === 'set-clock' && event.by < 0 ? [{ at: event.at, by: -event.by }] : [],
  );
}

/** Hashes on the list are asked about nowhere until their entry expires, and again after that. */
function listedMeanwhile(plan: YearPlan, source: SimulatedSource, log: readonly LoggedRequest[]): string[] {
  return eventsOf(plan.hashes, plan.days).flatMap((event) => {
    if (event.kind !== 'hash-list') {
      return [];
    }
    const listed = new Set<string>(lifeDigests(event.from, event.count, plan.seed));
    const asked = (from: number, to: number): number =>
      log
        .filter(({ at }) => at >= from && at < to)
        .reduce((sum, { hashes }) => sum + hashes.filter((hash) => listed.has(hash.toLowerCase())).length, 0);
    // What left in the very moment of the entry is not held against it.
    const during = asked(event.at + 60_000, event.until);
    const after = asked(event.until, event.until + 60 * DAY);
    plan.say(`  hashes of the list asked about ${during} times before and ${after} times after their entry expired`);
    return [
      ...(during > 0 ? [`${during} hashes on the list were asked about`] : []),
      // A source whose new hashes take all of its quota comes to the others later.
      ...(after === 0 && source !== 'virustotal' && event.until < endOf(plan.days) - 60 * DAY
        ? ['no hash came back when its entry expired']
        : []),
    ];
  });
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
