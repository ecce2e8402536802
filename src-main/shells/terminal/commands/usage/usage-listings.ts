import type { CallOutput } from '#shared/contract/index.ts';
import type { ForecastRow, SavedRow } from '#shared/contract/usage.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { count, utc, utcMinute } from '../../output/numbers.ts';
import type { Listing } from '../../output/records.ts';

/** When each quota runs out. */
export function forecastListing(rows: readonly ForecastRow[], simulated: boolean): Listing<ForecastRow> {
  return {
    rows,
    columns: [
      { header: 'source', cell: ({ source }) => sourceLabel(source), least: 8 },
      { header: 'window', cell: ({ window }) => window },
      { header: 'spent', align: 'right', cell: ({ spent }) => count(spent) },
      { header: 'limit', align: 'right', cell: ({ limit }) => count(limit) },
      { header: 'expected', align: 'right', cell: ({ expected }) => count(Math.round(expected)) },
      { header: 'ends (UTC)', cell: ({ usedUpAt }) => (usedUpAt === null ? '' : utcMinute(usedUpAt)) },
      { header: 'told by', cell: ({ basis }) => BASES[basis] },
    ],
    data: ({ sentence, startsAt, endsAt, usedUpAt, ...row }) => ({
      ...(simulated ? { simulated } : {}),
      ...row,
      startsAt: utc(startsAt),
      endsAt: utc(endsAt),
      usedUpAt: utc(usedUpAt),
      sentence,
    }),
    names: FORECAST_NAMES,
    whenEmpty: 'No source that is enabled has a limit for its hour, day or month.',
    footer: rows.map(({ sentence }) => sentence),
  };
}

/** What calls that were not needed would have cost. */
export function savedListing({ currency, rows }: CallOutput<'usage.saved'>, simulated: boolean): Listing<SavedRow> {
  return {
    rows,
    columns: [
      { header: 'source', cell: ({ source }) => sourceLabel(source), least: 8 },
      { header: 'not asked', align: 'right', cell: ({ pairs }) => count(pairs) },
      { header: 'calls saved', align: 'right', cell: ({ calls }) => count(calls) },
      { header: 'days of quota', align: 'right', cell: ({ days }) => (days === null ? '' : days.toFixed(1)) },
      {
        header: 'price',
        align: 'right',
        cell: ({ price }) => (price === null ? '' : `${price.toFixed(2)} ${currency}`.trim()),
      },
    ],
    data: (row) => ({ ...(simulated ? { simulated } : {}), ...row, currency: row.price === null ? null : currency }),
    names: SAVED_NAMES,
    whenEmpty: 'No call was saved in this time.',
  };
}

const BASES: Readonly<Record<ForecastRow['basis'], string>> = {
  queue: 'what waits',
  past: 'past weeks',
  window: 'this window',
  none: '',
};

const FORECAST_NAMES = [
  'source',
  'window',
  'spent',
  'limit',
  'perDay',
  'expected',
  'basis',
  'startsAt',
  'endsAt',
  'usedUpAt',
  'sentence',
];
const SAVED_NAMES = ['source', 'pairs', 'calls', 'days', 'price', 'currency'];
