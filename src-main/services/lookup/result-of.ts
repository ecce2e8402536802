import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { LifePolicy } from '#shared/domain/life.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { digestSetOf } from '../intake/host/digest-set.ts';
import type { HashKnowledge } from '../intake/port.ts';
import { answerWords } from './answer-words.ts';
import { withDueTime } from './due-time.ts';
import { cannotAsk, mayLeave, type KeptBack } from './may-ask.ts';
import type { SourceNow } from './source-now.ts';

type Item = HashKnowledge['items'][number];

/** What is shown of a hash beside what is known about it. */
export interface Beside extends KeptBack {
  readonly sources: readonly SourceNow[];
  readonly policy: VerdictPolicy;
  readonly life: LifePolicy;
  /** Seconds since the epoch. */
  readonly now: number;
  /** "Does not know it" younger than this is an answer; older, asking again may tell something. */
  readonly notKnownSeconds: number;
  /** Numbers of kept intakes under embargo that hold it. */
  readonly embargoed: readonly number[];
  /** What it waits for, by source; absent where it is not queued. */
  readonly queued: ReadonlyMap<string, string>;
  /** Compact answers by the index of their item. */
  readonly reports: ReadonlyMap<number, string>;
  /** Whether pages of sources may be opened: not from simulated data. */
  readonly hasPages: boolean;
}

/** Everything about one hash as it is shown. */
export function resultOf(knowledge: HashKnowledge, beside: Beside): LookupResult {
  const { kind, hash, verdict, why, items, listEntries, sets, aliases, annotations } = knowledge;
  const shown = new Set<string>(beside.sources.map(({ provider }) => provider.facts.source));
  return {
    hash,
    kind,
    digests: { ...digestSetOf(knowledge) },
    verdict,
    why,
    sources: beside.sources.map((source) => sourceOf(source, knowledge, beside)),
    otherItems: items.filter(({ source }) => !shown.has(source)).map((item) => withDueTime(item, beside.life)),
    listEntries,
    sets,
    aliases,
    annotations,
    seenIn: knowledge.seenIn.map((place) => ({ ...place, embargo: beside.embargoed.includes(place.intakeId) })),
  };
}

/**
 * True when asking could tell something new: never asked, failed, stale, not known for long, or pending past its recheck.
 * As plans and the claim decide.
 */
export function isDue(
  item: Item | null,
  recheckMinutes: number,
  { now, notKnownSeconds }: Pick<Beside, 'now' | 'notKnownSeconds'>,
): boolean {
  if (item === null || item.noAnswer === 'could-not-ask' || item.stale) {
    return true;
  }
  if (item.noAnswer === 'not-known') {
    return now - (item.scannedAt ?? 0) > notKnownSeconds;
  }
  if (item.status !== 'pending') {
    return false;
  }
  const again = Math.max((item.scannedAt ?? 0) + recheckMinutes * 60, item.notBefore ?? 0);
  return now >= again;
}

function sourceOf(source: SourceNow, knowledge: HashKnowledge, beside: Beside): LookupSource {
  const { provider, config, left } = source;
  const worst = worstItem(knowledge.items, provider.facts.source, beside.policy);
  const threshold = beside.policy.thresholds[provider.facts.source];
  const words = worst === null ? { score: '', rule: '' } : answerWords(provider, worst.item, threshold);
  const cannot = cannotAsk(source, knowledge, beside);
  return {
    source: provider.facts.source,
    enabled: config.enabled,
    item: worst === null ? null : withDueTime(worst.item, beside.life),
    scoreText: words.score,
    thresholdText: words.rule,
    report: worst === null ? null : pretty(beside.reports.get(worst.index)),
    queued: beside.queued.get(provider.facts.source) ?? null,
    price: cannot === null ? { billed: callsOf(source), left, unit: provider.facts.billedBy } : null,
    cannotAsk: cannot,
    due: isDue(worst?.item ?? null, config.recheckMinutes, beside),
    hasPage:
      beside.hasPages && mayLeave(knowledge, beside) === null && provider.page(digestSetOf(knowledge), config) !== null,
  };
}

/** What one hash costs at most: a second call where the first may lead elsewhere. */
function callsOf({ provider, config }: SourceNow): number {
  return provider.facts.singleCalls?.(config) === 'elsewhere' ? 2 : 1;
}

/** A source's worst answer under any digest of the file, with the status it counts with; an answer before none. */
export function worstItem(
  items: readonly Item[],
  source: string,
  policy: VerdictPolicy,
): { readonly item: Item; readonly index: number } | null {
  const own = items.flatMap((item, index) =>
    item.source === source ? [{ item: { ...item, status: effectiveStatus(item, policy) }, index }] : [],
  );
  const weight = ({ item }: { readonly item: Item }): number =>
    STATUS_CODE[item.status] * 2 + (item.noAnswer === 'could-not-ask' ? 0 : 1);
  own.sort((a, b) => weight(b) - weight(a) || (b.item.scannedAt ?? 0) - (a.item.scannedAt ?? 0));
  return own[0] ?? null;
}

/** As kept, laid out for reading; what is no JSON is shown as it is. */
function pretty(report: string | undefined): string | null {
  if (report === undefined) {
    return null;
  }
  try {
    return JSON.stringify(JSON.parse(report), null, 2);
  } catch {
    return report;
  }
}
