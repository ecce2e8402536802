import { expect, test } from 'vitest';
import type { ForecastRow } from '#shared/contract/usage.ts';
import type { LoggedRequest } from '#main/simulators/port.ts';
import { forecastErrors } from '../../soak/quarter/forecast-error.ts';

const DAY = Date.UTC(2026, 0, 6) / 1000;
const HOUR = 3600;
const NOON = (DAY + 12 * HOUR) * 1000;
const END = (DAY + 48 * HOUR) * 1000;

const row = (change: Partial<ForecastRow>): ForecastRow => ({
  source: 'virustotal',
  window: 'day',
  spent: 40,
  limit: 100,
  startsAt: DAY,
  endsAt: DAY + 24 * HOUR,
  perDay: 0,
  usedUpAt: null,
  expected: 60,
  basis: 'past',
  sentence: '',
  ...change,
});
/** Calls at hours of the day. */
const log = (...calls: readonly (readonly [hour: number, calls: number])[]): LoggedRequest[] =>
  calls.map(([hour, billed]) => ({
    at: (DAY + hour * HOUR) * 1000,
    billed,
    method: 'GET',
    path: '/',
    hashes: [],
    status: 200,
  }));
const errors = (forecast: ForecastRow, came: readonly LoggedRequest[], end = END) =>
  forecastErrors([{ at: NOON, rows: [forecast] }], { virustotal: came }, (_, { billed }) => billed, end);

test('a forecast is held against what came by the end of the window, and so is the pace', () => {
  expect(errors(row({ expected: 60 }), log([9, 40], [20, 10], [30, 500]))).toEqual([
    {
      source: 'virustotal',
      window: 'day',
      samples: 1,
      // 60 for 50, and 80 for 50 at the pace of the first half.
      forecast: { percent: 20, endMinutes: null, ends: { told: 0, missed: 0, false: 0 } },
      pace: { percent: 60, endMinutes: null, ends: { told: 0, missed: 0, false: 0 } },
    },
  ]);
});

test('the end of a quota is held against when its last call was spent', () => {
  const [one] = errors(row({ spent: 80, expected: 130, usedUpAt: DAY + 14 * HOUR }), log([9, 80], [16, 30]));
  expect(one?.forecast).toEqual({
    percent: (100 * 10) / 110,
    endMinutes: 120,
    ends: { told: 1, missed: 0, false: 0 },
  });
  // A hundred calls at 80 in twelve hours: at three in the afternoon.
  expect(one?.pace.endMinutes).toBeCloseTo(60);
});

test('an end that came untold is missed, one that was told and did not come is false', () => {
  const [missed] = errors(row({ spent: 40, expected: 60 }), log([9, 40], [16, 60]));
  expect(missed?.forecast.ends).toEqual({ told: 0, missed: 1, false: 0 });
  const [untrue] = errors(row({ spent: 40, expected: 120, usedUpAt: DAY + 20 * HOUR }), log([9, 40]));
  expect(untrue?.forecast.ends).toEqual({ told: 0, missed: 0, false: 1 });
});

test('windows that are used up, did not end or held nothing are left out, and months on other days', () => {
  expect(errors(row({ spent: 100 }), log([9, 100]))).toEqual([]);
  expect(errors(row({}), log([9, 40]), NOON)).toEqual([]);
  expect(errors(row({ spent: 0 }), [])).toEqual([]);
  expect(errors(row({ window: 'month' }), log([9, 40]))).toEqual([]);
});
