import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import { DIGEST_BIT } from '#shared/domain/hash.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import type { ItemClass } from '../bulk/item-classes.ts';
import { packPair, type PlanQuestion, type PlanSource } from './pairs.ts';

/** What decides the pairs of one row; the items are asked for only when needed. */
export interface RowFacts {
  /** DIGEST_BIT values of the digests that certainly are the row. */
  readonly own: number;
  /** DIGEST_BIT values of all digests of the one file the row certainly is; 0 when that is not one. */
  readonly file: number;
  readonly isListed: boolean;
  /** A set marked known-good or known-bad holds it. */
  readonly isInSet: boolean;
  readonly isEmpty: boolean;
  readonly isEmbargoed: boolean;
  /** The digest waits for the source already. */
  readonly isQueued: boolean;
}

/** What an item class means for a source's pair. */
export const MEANING = { nothing: 0, answer: 1, pending: 2, malicious: 4, notKnown: 8 } as const;
/** What an own item means that stands for an answer while it is fresh. */
export const ANSWERS = MEANING.answer | MEANING.pending | MEANING.notKnown;

/** What an item says about a source's own freshness, and whether another source's word is conclusive: MEANING bits. */
export function meaningOf(item: ItemClass, source: PlanSource, policy: VerdictPolicy): number {
  if (sourceCode(item.source) !== source.code) {
    return effectiveStatus({ ...item, scannedAt: null }, policy) === 'malicious' ? MEANING.malicious : MEANING.nothing;
  }
  if (item.noAnswer === 'could-not-ask') {
    return MEANING.nothing;
  }
  if (item.status === 'pending') {
    return MEANING.pending;
  }
  return item.noAnswer === 'not-known' ? MEANING.notKnown : MEANING.answer;
}

/** True while an answer of this age needs no other one. An answer without a time may be of any age. */
export function isFresh(
  at: number | null,
  meaning: number,
  source: PlanSource,
  question: Pick<PlanQuestion, 'freshSeconds' | 'notKnownSeconds'>,
  now: number,
): boolean {
  return at !== null && now - at <= freshFor(meaning, source, question);
}

/** As the claim decides: what is fresh here must not be sent there, and what is due here must not be dropped there. */
function freshFor(
  meaning: number,
  { recheckSeconds }: PlanSource,
  { freshSeconds, notKnownSeconds }: Pick<PlanQuestion, 'freshSeconds' | 'notKnownSeconds'>,
): number {
  if ((meaning & MEANING.pending) !== 0) {
    return recheckSeconds;
  }
  return (meaning & MEANING.notKnown) !== 0 ? notKnownSeconds : freshSeconds;
}

/** How the items of a row's files bear on one source. */
export interface ItemsSay {
  readonly fresh: 'fresh' | 'link' | null;
  readonly isConclusive: boolean;
}

/** The fate of one pair, packed. */
export function decidePair(question: PlanQuestion, source: PlanSource, row: RowFacts, say: ItemsSay): number {
  const own = bestKind(source, row.own);
  const kind = own ?? bestKind(source, row.file);
  const isAlias = own === null && kind !== null;
  const packed = (pair: Parameters<typeof packPair>[0]): number => packPair(pair, kind, isAlias);
  if (row.isListed) {
    return packed(kind === null ? 'kind' : 'hash-list');
  }
  if (question.avoid && row.isInSet) {
    return packed(kind === null ? 'kind' : 'known-set');
  }
  if (question.avoid && say.fresh !== null) {
    return packed(say.fresh);
  }
  if (kind === null) {
    return packed('kind');
  }
  if (row.isEmpty) {
    return packed('empty');
  }
  if (row.isEmbargoed) {
    return packed('embargo');
  }
  if (question.avoid && question.isConclusiveEnough && say.isConclusive) {
    return packed('conclusive');
  }
  if (row.isQueued) {
    return packed('queued');
  }
  return packed('ask');
}

function bestKind(source: PlanSource, mask: number): DigestKind | null {
  return source.takes.find((kind) => (mask & DIGEST_BIT[kind]) !== 0) ?? null;
}
