import type { CallOutput, CallParsed } from '#shared/contract/index.ts';
import type { SavedRow } from '#shared/contract/usage.ts';
import { barsBeside } from '#shared/domain/usage/last-range.ts';
import { sourceCode } from '#shared/domain/source.ts';
import type { SettingsService } from '../../settings/settings.ts';
import { effectiveLimits } from '../../jobs/outbound/effective-limits.ts';
import type { Provider } from '../../providers/port.ts';
import type { SourcesService } from '../sources/port.ts';
import { recorded, type ReadParts } from './read-panel.ts';
import { gridOf } from './steps.ts';

/** Days that a monthly quota is spread over where a source has no daily one. */
const DAYS_OF_MONTH = 30;

export interface SavedParts extends ReadParts {
  readonly settings: SettingsService;
  readonly sources: SourcesService;
}

/** What pairs that needed no call would have cost, by source; sources of which nothing was saved are left out. */
export async function readSaved(
  parts: SavedParts,
  { from, to }: CallParsed<'usage.saved'>,
): Promise<CallOutput<'usage.saved'>> {
  const { settings, sources } = parts;
  const { callPrices, currency } = await settings.get();
  const grid = gridOf({ from, to, points: barsBeside({ from, to }) }, parts.retention, parts.now);
  const { rows } = await recorded(parts, 'calls-avoided', grid);
  const states = await parts.database.read('sourceStates', {});
  const saved = await Promise.all(
    sources.providers.map(async (provider): Promise<SavedRow[]> => {
      const { source } = provider.facts;
      const code = sourceCode(source);
      const pairs = rows.reduce((sum, row) => (row.source === code ? sum + row.sum : sum), 0);
      if (pairs === 0) {
        return [];
      }
      const config = await sources.config(source);
      const learned = states.find((state) => state.source === code)?.learned ?? [];
      const { day, month } = effectiveLimits(config, learned, parts.now * 1000);
      const calls = callsFor(pairs, provider, config.hashesPerRequest);
      const daily = day ?? (month === null ? null : month / DAYS_OF_MONTH);
      const price = callPrices[source];
      return [
        {
          source,
          pairs,
          calls,
          days: daily === null || daily <= 0 ? null : calls / daily,
          price: price === null ? null : calls * price,
        },
      ];
    }),
  );
  return { currency, rows: saved.flat() };
}

/** A source that counts requests is paid once for as many hashes as one of them takes. */
function callsFor(pairs: number, { facts }: Provider, hashesPerRequest: number): number {
  const size = facts.billedBy === 'hash' ? 1 : Math.min(hashesPerRequest, facts.mostHashesPerRequest);
  return Math.ceil(pairs / Math.max(1, size));
}
