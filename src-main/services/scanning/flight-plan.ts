import type { FlightPlan, ScanRequest, SourcePlan } from '#shared/contract/scan.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { PlanTotals, SourceTotals } from '../triage/plan/summary.ts';
import { batchOf, type ScanSource } from './chosen-sources.ts';
import type { Forecast, Now } from './forecast.ts';
import { EMPTY_FILE, followedBy, notesOf, overLimit, takenByNone, takesNot, underEmbargo } from './plan-words.ts';
import { stepsOf, type PlannedSource } from './order.ts';
import { estimates, inOrderOf, latestEnd } from './strategies.ts';

/** Everything a flight plan is put together from. */
export interface PlanFacts {
  readonly request: ScanRequest;
  readonly totals: PlanTotals;
  readonly planned: readonly PlannedSource[];
  readonly disabled: readonly SourceId[];
  /** Titles of the intakes under embargo that hold some of the hashes. */
  readonly titles: ReadonlyMap<number, string>;
  readonly at: Now;
}

/** Lists under embargo that are named one by one. */
const MOST_LISTS = 5;

/** The plan as it is shown. */
export function flightPlan(facts: PlanFacts): Omit<FlightPlan, 'elapsedMs'> {
  const { request, totals, planned, disabled, at } = facts;
  const chosen = planned.map(({ source }) => source);
  const { without } = totals;
  const needNone = {
    hashList: without['hash-list'],
    knownSet: without['known-set'],
    fresh: without.fresh,
    link: without.link,
    queued: without.queued,
    conclusive: without.conclusive,
  };
  const asked = planned.filter((one) => one.totals.pairs.ask > 0).map(({ source }) => source.source);
  return {
    hashes: totals.hashes,
    ask: totals.ask,
    without: { total: Object.values(needNone).reduce((sum, count) => sum + count, 0), ...needNone },
    cannot: cannotAtAll(facts, chosen),
    requests: planned.reduce((sum, { forecast }) => sum + forecast.requests, 0),
    strategy: request.strategy,
    sources: planned.map((one) => sourcePlan(one, facts)),
    steps: stepsOf(inOrderOf(request.strategy, planned), totals.ask, request.strategy !== 'certain', at),
    endsAt: latestEnd(request.strategy, planned, at),
    strategies: estimates(planned, at),
    notes: notesOf(chosen, disabled, (source) => request.sources?.includes(source) === true, {
      isOffline: at.isOffline,
      now: at.now,
      ask: asked,
    }),
    possible: totals.ask > 0,
  };
}

function sourcePlan({ source, totals, forecast }: PlannedSource, { request }: PlanFacts): SourcePlan {
  const { pairs } = totals;
  return {
    source: source.source,
    ask: pairs.ask,
    ...costs(source, forecast),
    fresh: pairs.fresh,
    link: pairs.link,
    queued: pairs.queued,
    conclusive: pairs.conclusive,
    cannot: cannotOf(source, totals, request.maxCalls ?? 0),
    quota: [...forecast.quota],
    endsAt: forecast.endsAt,
    waits: forecast.waits,
  };
}

function costs(source: ScanSource, { requests, singles, billed }: Forecast) {
  const { facts } = source.provider;
  return {
    requests,
    singles,
    follows: followedBy(source, singles),
    billed,
    billedBy: facts.billedBy,
    hashesPerRequest: batchOf(source),
  };
}

function cannotOf(source: ScanSource, { pairs }: SourceTotals, maxCalls: number): SourcePlan['cannot'] {
  return some([
    { hashes: pairs.kind, sentence: takesNot(source) },
    { hashes: pairs.empty, sentence: EMPTY_FILE },
    { hashes: pairs.embargo, sentence: 'Under embargo: asked about nowhere.' },
    { hashes: pairs.over, sentence: overLimit(maxCalls) },
  ]);
}

function cannotAtAll({ request, totals, titles }: PlanFacts, chosen: readonly ScanSource[]): FlightPlan['cannot'] {
  const lists = totals.embargoed.toSorted((a, b) => b.hashes - a.hashes);
  const rest = lists.slice(MOST_LISTS).reduce((sum, { hashes }) => sum + hashes, 0);
  return some([
    ...lists.slice(0, MOST_LISTS).map(({ intakeId, hashes }) => ({
      hashes,
      sentence: underEmbargo(titles.get(intakeId) ?? null, intakeId === request.intakeId),
    })),
    { hashes: rest, sentence: 'In other lists under embargo: asked about nowhere.' },
    { hashes: totals.cannot.kind, sentence: takenByNone(chosen) },
    { hashes: totals.cannot.empty, sentence: EMPTY_FILE },
    { hashes: totals.cannot.over, sentence: overLimit(request.maxCalls ?? 0) },
  ]);
}

function some<T extends { readonly hashes: number }>(all: readonly T[]): T[] {
  return all.filter(({ hashes }) => hashes > 0);
}
