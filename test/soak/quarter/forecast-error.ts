import type { ForecastRow } from '#shared/contract/usage.ts';
import type { LoggedRequest } from '#main/simulators/port.ts';
import type { SimulatedSource } from '#main/simulators/start.ts';
import type { QuarterForecast } from './quarter.ts';

/** What came of a window: calls by its end, and when its limit was met; null when it was not. Seconds since the epoch. */
interface Outcome {
  readonly spent: number;
  readonly usedUpAt: number | null;
}

/** What was told of a window at one moment. */
type Telling = Outcome;

/** How far off one way of telling was. */
export interface ForecastError {
  /** Mean absolute error of calls at the end of the window, in per cent of what they came to. */
  readonly percent: number;
  /** Mean absolute error of the end in minutes, where it was told and came; null where that never was. */
  readonly endMinutes: number | null;
  /** Ends that were told and came, that came untold, and that were told and did not come. */
  readonly ends: { readonly told: number; readonly missed: number; readonly false: number };
}

export interface ForecastReport {
  readonly source: SimulatedSource;
  readonly window: ForecastRow['window'];
  readonly samples: number;
  readonly forecast: ForecastError;
  /** Of the pace of the window up to the moment, and nothing else. */
  readonly pace: ForecastError;
}

/** Days of the month on which a month is forecast. */
const MONTH_DAYS = [10, 20];

/**
 * Compares forecasts, at noon of each day and of two days of each month, with what came. Windows that were used up when they
 * were forecast, that held no call at all, or did not end are left out. `callsOf` says what an entry of the log cost.
 */
export function forecastErrors(
  forecasts: readonly QuarterForecast[],
  logs: Readonly<Partial<Record<string, readonly LoggedRequest[]>>>,
  callsOf: (source: SimulatedSource, entry: LoggedRequest) => number,
  end: number,
): readonly ForecastReport[] {
  const samples = forecasts.flatMap(({ at, rows }) =>
    rows
      .filter(({ window }) => window === 'day' || MONTH_DAYS.includes(new Date(at).getUTCDate()))
      .filter(({ spent, limit, endsAt }) => spent < limit && endsAt * 1000 <= end)
      .map((row) => ({ at: at / 1000, row })),
  );
  const groups = Map.groupBy(samples, ({ row }) => `${row.source} ${row.window}`);
  return [...groups.values()].flatMap((group) => {
    const [{ row }] = group as [(typeof group)[number]];
    const { source } = row;
    const log = (logs[source] ?? []).map((entry) => ({ at: entry.at / 1000, calls: callsOf(source, entry) }));
    const told = group
      .map((sample) => ({ ...sample, came: outcomeOf(log, sample.row) }))
      .filter(({ came }) => came.spent > 0);
    const error = (tell: (at: number, row: ForecastRow) => Telling): ForecastError =>
      errorOf(told.map(({ at, row: one, came }) => ({ came, told: tell(at, one) })));
    return told.length === 0
      ? []
      : [{ source, window: row.window, samples: told.length, forecast: error(asForecast), pace: error(asPace) }];
  });
}

function outcomeOf(log: readonly { readonly at: number; readonly calls: number }[], row: ForecastRow): Outcome {
  let spent = 0;
  let usedUpAt: number | null = null;
  for (const { at, calls } of log) {
    if (at >= row.startsAt && at < row.endsAt) {
      spent += calls;
      usedUpAt ??= spent >= row.limit ? at : null;
    }
  }
  return { spent, usedUpAt };
}

function asForecast(_at: number, { expected, limit, usedUpAt }: ForecastRow): Telling {
  return { spent: Math.min(expected, limit), usedUpAt };
}

function asPace(at: number, { spent, limit, startsAt, endsAt }: ForecastRow): Telling {
  const perSecond = spent / (at - startsAt);
  const usedUpAt = startsAt + limit / perSecond;
  return {
    spent: Math.min(limit, perSecond * (endsAt - startsAt)),
    usedUpAt: usedUpAt < endsAt ? usedUpAt : null,
  };
}

function errorOf(samples: readonly { readonly came: Outcome; readonly told: Telling }[]): ForecastError {
  const minutes = samples.flatMap(({ came, told }) =>
    came.usedUpAt === null || told.usedUpAt === null ? [] : [Math.abs(came.usedUpAt - told.usedUpAt) / 60],
  );
  return {
    percent: mean(samples.map(({ came, told }) => (100 * Math.abs(told.spent - came.spent)) / came.spent)),
    endMinutes: minutes.length === 0 ? null : mean(minutes),
    ends: {
      told: minutes.length,
      missed: samples.filter(({ came, told }) => came.usedUpAt !== null && told.usedUpAt === null).length,
      false: samples.filter(({ came, told }) => came.usedUpAt === null && told.usedUpAt !== null).length,
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
