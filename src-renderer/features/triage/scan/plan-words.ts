import type { FlightPlan, SourcePlan } from '#shared/contract/scan.ts';
import type { Strategy } from '#shared/domain/outcome.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { number } from '../../../components/words.ts';

export const STRATEGY_WORDS: Readonly<Record<Strategy, string>> = {
  certain: 'Ask all enabled sources',
  fastest: 'All at once, stop when one says malicious',
  cheapest: 'One after another, stop when one says malicious',
};

/** What answers the hashes that need no call, as phrases; what answers none is left out. */
export function withoutParts(without: FlightPlan['without'], staleAfterDays: number): readonly string[] {
  const parts: readonly (readonly [number, string])[] = [
    [without.fresh, `asked within ${staleAfterDays} days`],
    [without.link, 'same file as another'],
    [without.hashList, 'on the hash list'],
    [without.knownSet, 'in a known set'],
    [without.queued, 'queued already'],
    [without.conclusive, 'malicious already'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, words]) => `${number(count)} ${words}`);
}

/** The window that gets tightest by this scan: what the meter shows. Null for a source without a limit. */
export function tightest(plan: SourcePlan): SourcePlan['quota'][number] | null {
  const lasting = plan.quota.filter((quota) => quota.window !== 'minute' && quota.limit > 0);
  return lasting.reduce<SourcePlan['quota'][number] | null>(
    (worst, quota) =>
      worst === null || (quota.limit - quota.after) / quota.limit < (worst.limit - worst.after) / worst.limit
        ? quota
        : worst,
    null,
  );
}

export function billedBy({ billedBy: unit, hashesPerRequest }: SourcePlan): string {
  return unit === 'request' ? `request of ${number(hashesPerRequest)}` : `hash, ${number(hashesPerRequest)} each`;
}

/** Everything a reader must know before it starts, each once. */
export function planNotes(plan: FlightPlan): readonly string[] {
  const ofSources = plan.sources.flatMap(({ source, waits, follows, cannot }) => [
    ...(waits === '' ? [] : [`${sourceLabel(source)}: ${ended(waits)}`]),
    ...(follows === '' ? [] : [`${sourceLabel(source)}: ${follows}`]),
    ...cannot.map(({ hashes, sentence }) => `${sourceLabel(source)}, ${number(hashes)} not asked: ${ended(sentence)}`),
  ]);
  const ofAll = plan.cannot.map(({ hashes, sentence }) => `${number(hashes)} not asked at all: ${ended(sentence)}`);
  return [...new Set([...ofAll, ...ofSources, ...plan.notes])];
}

function ended(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
