import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { sourceOfCode, type SourceId } from '#shared/domain/source.ts';
import { statusOfCode } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { noAnswerOfCode } from '../../db/codes.ts';
import type { AnswerClass } from '../../db/repositories/scan-reads.ts';
import type { ScanSource } from './chosen-sources.ts';

/** What a source is expected to say, as shares of its answers, 0 to 1. Never 0: what never happened may happen. */
export interface AnswerShares {
  readonly malicious: number;
  readonly suspicious: number;
  /** It does not know the file. */
  readonly notKnown: number;
}

type Counts = { -readonly [K in keyof AnswerShares]: number } & { answers: number };

/** Answers before which a source's own word counts for less than what all sources say together. */
const PRIOR_ANSWERS = 10;
/** What is expected where nobody has answered anything yet. */
const AT_FIRST: AnswerShares = { malicious: 0.1, suspicious: 0.05, notKnown: 0.5 };

/**
 * What each source says how often, by the thresholds in force. A source that has answered little is taken to answer like
 * all sources together, and these, while they have answered little, as at first: so a new source gets its turn, and one
 * lucky answer moves nothing.
 */
export function answerShares(
  classes: readonly AnswerClass[],
  policy: VerdictPolicy,
): (source: SourceId) => AnswerShares {
  const all = noCounts();
  const own = new Map<SourceId, Counts>();
  for (const one of classes) {
    const source = sourceOfCode(one.source);
    if (source !== null) {
      const counts = own.get(source) ?? noCounts();
      own.set(source, counts);
      add(counts, source, one, policy);
      add(all, source, one, policy);
    }
  }
  const pooled = smoothed(all, AT_FIRST);
  return (source) => smoothed(own.get(source) ?? noCounts(), pooled);
}

/** Single calls that so many answers of a source are expected to be followed by. */
export function expectedSingles({ provider, config }: ScanSource, ask: number, shares: AnswerShares): number {
  const kind = provider.facts.singleCalls?.(config) ?? null;
  if (kind === null) {
    return 0;
  }
  return Math.round(ask * (kind === 'details' ? shares.malicious + shares.suspicious : shares.notKnown));
}

function noCounts(): Counts {
  return { answers: 0, malicious: 0, suspicious: 0, notKnown: 0 };
}

function add(counts: Counts, source: SourceId, one: AnswerClass, policy: VerdictPolicy): void {
  const noAnswer = noAnswerOfCode(one.noAnswer);
  const status = effectiveStatus(
    { source, status: statusOfCode(one.status), noAnswer, score: one.score, scannedAt: null },
    policy,
  );
  counts.answers += one.count;
  counts.notKnown += noAnswer === 'not-known' ? one.count : 0;
  if (status === 'malicious' || status === 'suspicious') {
    counts[status] += one.count;
  }
}

function smoothed(counts: Counts, prior: AnswerShares): AnswerShares {
  const share = (name: keyof AnswerShares): number =>
    (counts[name] + PRIOR_ANSWERS * prior[name]) / (counts.answers + PRIOR_ANSWERS);
  return { malicious: share('malicious'), suspicious: share('suspicious'), notKnown: share('notKnown') };
}
