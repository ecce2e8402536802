import type { EntryDetail } from '#shared/contract/intake.ts';
import { dueAt, type LifePolicy } from '#shared/domain/life.ts';
import { lifePolicyOf } from '#shared/settings/life-policy.ts';
import type { Settings } from '#shared/settings/schema.ts';
import type { SourcesService } from '../sources/port.ts';
import type { JudgedItem } from '../triage/port.ts';

/** How items grow old by the settings in force. */
export async function lifeNow(
  settings: { get(): Promise<Settings> },
  sources: Pick<SourcesService, 'providers' | 'config'>,
): Promise<LifePolicy> {
  const [present, configs] = await Promise.all([
    settings.get(),
    Promise.all(
      sources.providers.map(async ({ facts }) => ({
        source: facts.source,
        hasNewItems: facts.hasNewItems,
        config: await sources.config(facts.source),
      })),
    ),
  ]);
  return lifePolicyOf(present, configs);
}

/** The item as it is shown: with when it is due to be asked for again by itself. */
export function withDueTime(judged: JudgedItem, policy: LifePolicy): EntryDetail['items'][number] {
  const { notBefore: _notBefore, ...item } = judged;
  return { ...item, nextScanAt: dueAt(judged, policy) };
}
