import type { ScanRequest } from '#shared/contract/scan.ts';
import { policyOf } from '#shared/settings/verdict-policy.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Selection } from '#shared/contract/intake.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../db/port.ts';
import { spendingOf } from '../../jobs/outbound/spending.ts';
import type { SettingsService } from '../../settings/settings.ts';
import type { IntakeService, ScanPlan } from '../intake/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { answerShares } from './answer-shares.ts';
import { batchOf, chooseSources, planSource, type ScanSource } from './chosen-sources.ts';
import { flightPlan } from './flight-plan.ts';
import { forecast, type Now } from './forecast.ts';
import { NO_SOURCE } from './plan-words.ts';
import type { ScanningService } from './port.ts';
import { queuePlan } from './queue-scan.ts';
import { startReceiving } from './receiving.ts';
import { mostToldFirst, type PlannedSource } from './order.ts';

/** What scanning is built from. */
export interface ScanningParts {
  readonly database: Database;
  readonly intakes: IntakeService;
  readonly settings: SettingsService;
  readonly sources: SourcesService;
  readonly clock: Clock;
  readonly minuteMs: number;
  readonly avoid: boolean;
  /** How many new items may be made; see the life service. */
  readonly room: (count: number, signal: AbortSignal) => Promise<number>;
  /** Told when an intake could not be received; nobody waits for that. */
  readonly onFault: (error: unknown) => void;
}

const EVERY_ROW: Selection = {
  kind: 'query',
  query: { statuses: [], flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
};

/** Flight plans and scans over kept intakes. */
export function createScanning(parts: ScanningParts): ScanningService {
  const { database, intakes, sources, room } = parts;
  const nowMs = (): number => parts.clock.now();

  const choose = (wanted: ScanRequest['sources']) =>
    chooseSources({ database, sources, minuteMs: parts.minuteMs, now: nowMs() }, wanted);

  const decide = async (
    request: Pick<ScanRequest, 'intakeId' | 'selection' | 'strategy' | 'maxCalls'>,
    chosen: readonly ScanSource[],
  ): Promise<ScanPlan> => {
    const { freshSeconds, notKnownSeconds } = spendingOf(await parts.settings.get());
    return intakes.planScan(request.intakeId, request.selection, {
      question: {
        sources: chosen.map(planSource),
        freshSeconds,
        notKnownSeconds,
        isConclusiveEnough: request.strategy !== 'certain',
        avoid: parts.avoid,
      },
      billing: chosen.map((source) => ({
        hashesPerRequest: batchOf(source),
        billedBy: source.provider.facts.billedBy,
        isFollowed: (source.provider.facts.singleCalls?.(source.config) ?? null) !== null,
      })),
      maxCalls: request.maxCalls ?? null,
    });
  };

  const planned = async (plan: ScanPlan, chosen: readonly ScanSource[], at: Now): Promise<PlannedSource[]> => {
    const classes = await database.read('answerClasses', {});
    const sharesOf = answerShares(classes, policyOf(await parts.settings.get()));
    return plan.totals.sources.flatMap((totals, place) => {
      const source = chosen[place];
      if (source === undefined) {
        return [];
      }
      const shares = sharesOf(source.source);
      return [{ source, totals, forecast: forecast(source, totals, shares, at), shares }];
    });
  };

  const moment = async (): Promise<Now> => ({
    now: nowMs(),
    minuteMs: parts.minuteMs,
    isOffline: (await parts.settings.get()).offline,
  });

  const receive = async (intakeId: number, signal: AbortSignal): Promise<number> => {
    const { chosen } = await choose(undefined);
    const automatic = chosen.filter(({ config, notReady }) => isAutomatic(config) && notReady === null);
    if (automatic.length === 0) {
      return 0;
    }
    const strategy = 'certain';
    const plan = await decide({ intakeId, selection: EVERY_ROW, strategy }, automatic);
    try {
      const stages = automatic.map(() => 0);
      const { queued } = await queuePlan(
        { database, intakeId, purpose: 'new', strategy, sources: automatic, stages, isNoted: false, room, now: nowMs },
        plan,
        () => undefined,
        signal,
      );
      return queued;
    } finally {
      await plan.end();
    }
  };
  const receiving = startReceiving({ intakes, receive, onFault: parts.onFault });

  return {
    async plan(request, signal) {
      const started = performance.now();
      const { chosen, disabled } = await choose(request.sources);
      signal.throwIfAborted();
      const plan = await decide(request, chosen);
      try {
        signal.throwIfAborted();
        const at = await moment();
        const titles = new Map(
          plan.totals.embargoed.length === 0
            ? []
            : (await database.read('intakePlaces', undefined)).map(({ id, title }) => [id, title]),
        );
        const facts = { request, totals: plan.totals, planned: await planned(plan, chosen, at), disabled, titles, at };
        return { ...flightPlan(facts), elapsedMs: Math.round(performance.now() - started) };
      } finally {
        await plan.end();
      }
    },

    async start(request, onProgress, signal) {
      const { chosen } = await choose(request.sources);
      if (chosen.length === 0) {
        throw new AppError('CONFLICT', NO_SOURCE);
      }
      const plan = await decide(request, chosen);
      try {
        const stages =
          request.strategy === 'cheapest'
            ? stagesOf(await planned(plan, chosen, await moment()), chosen)
            : chosen.map(() => 0);
        const { intakeId, strategy } = request;
        const done = await queuePlan(
          { database, intakeId, purpose: 'new', strategy, sources: chosen, stages, isNoted: true, room, now: nowMs },
          plan,
          onProgress,
          signal,
        );
        return { ...done, ...notAsked(plan) };
      } finally {
        await plan.end();
      }
    },

    receive: (intakeId) => receive(intakeId, new AbortController().signal),
    settled: () => receiving.settled(),
    dispose: () => receiving.dispose(),
  };
}

/** A public key may not be used without a person. */
function isAutomatic({ automatic, plan }: ScanSource['config']): boolean {
  return automatic === 'new' && plan !== 'public';
}

/** The turn of each source: the one whose calls tell most first. */
function stagesOf(planned: readonly PlannedSource[], chosen: readonly ScanSource[]): readonly number[] {
  const inOrder = mostToldFirst(planned).map(({ source }) => source);
  return chosen.map((source) => Math.max(0, inOrder.indexOf(source)));
}

function notAsked({ totals }: ScanPlan): { readonly without: number; readonly cannot: number } {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    without: sum(Object.values(totals.without)),
    cannot: sum(Object.values(totals.cannot)) + sum(totals.embargoed.map(({ hashes }) => hashes)),
  };
}
