import type { LifePolicy } from '../domain/life.ts';
import type { SourceId } from '../domain/source.ts';
import type { Settings } from './schema.ts';
import type { SourceConfig } from './source-config.ts';

const DAY = 86_400;
const HOUR = 3600;
const MINUTE = 60;

/**
 * How items grow old under these settings. Sources that are disabled, or whose public key may not be used without a
 * person, rescan nothing. `hasNewItems` is a fact of the source.
 */
export function lifePolicyOf(
  settings: Pick<Settings, 'rescanItemDays' | 'notKnownDays'>,
  sources: readonly { readonly source: SourceId; readonly config: SourceConfig; readonly hasNewItems: boolean }[],
): LifePolicy {
  return {
    rescan: days(settings.rescanItemDays),
    notKnown: days(settings.notKnownDays),
    sources: Object.fromEntries(
      sources.map(({ source, config, hasNewItems }) => [
        source,
        {
          rescans: config.enabled && config.rescans && config.plan !== 'public',
          pending: config.recheckMinutes * MINUTE,
          newAge: hasNewItems ? days(config.newItemDays) : null,
          newInterval: config.newItemHours * HOUR,
        },
      ]),
    ),
  };
}

function days(count: number | null): number | null {
  return count === null ? null : count * DAY;
}
