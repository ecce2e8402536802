import type { DigestKind } from '#shared/domain/hash.ts';
import { sourceCode, type SourceId } from '#shared/domain/source.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE } from '../../../db/codes.ts';
import type { SettledItem } from '../../../db/repositories/queue-types.ts';
import type { HashAnswer } from '../../../providers/port.ts';

/** For how long a hash that was given up is not asked about again by itself. */
const GIVEN_UP_SECONDS = 86_400;

/** What is kept with every item of one settle. */
export interface ItemContext {
  readonly source: SourceId;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The items of what a source said about one digest: one per file the digest stands for. */
export function itemsOfAnswer(answer: HashAnswer, kind: DigestKind, context: ItemContext): SettledItem[] {
  return [answer, ...(answer.alsoAnswers ?? [])].flatMap((one) => {
    const isAnswer = one.outcome === 'answer' || one.outcome === 'pending';
    if (!isAnswer && one.outcome !== 'not-known') {
      return [];
    }
    const at = Math.floor(context.now / 1000);
    return {
      digests: { ...one.digests, [kind]: answer.hash },
      source: sourceCode(context.source),
      status: isAnswer ? STATUS_CODE[one.outcome === 'pending' ? 'pending' : one.status] : STATUS_CODE.unknown,
      noAnswer: isAnswer ? null : NO_ANSWER_CODE['not-known'],
      score: one.score,
      threat: one.threat,
      rawCode: one.rawCode,
      firstSeen: one.firstSeen,
      scannedAt: at,
      report: one.report === null ? null : JSON.stringify(one.report),
      notBefore: null,
      ...(one.more === 'details' ? { isPartial: true as const } : {}),
    };
  });
}

/** The item of a digest that could not be asked about, with the reason. It never replaces an answer. */
export function couldNotAskItem(
  hash: HashAnswer['hash'],
  kind: DigestKind,
  reason: string,
  context: ItemContext,
): SettledItem {
  return {
    digests: { [kind]: hash },
    source: sourceCode(context.source),
    status: STATUS_CODE.unknown,
    noAnswer: NO_ANSWER_CODE['could-not-ask'],
    score: null,
    threat: null,
    rawCode: reason,
    firstSeen: null,
    scannedAt: Math.floor(context.now / 1000),
    report: null,
    notBefore: Math.floor(context.now / 1000) + GIVEN_UP_SECONDS,
  };
}
