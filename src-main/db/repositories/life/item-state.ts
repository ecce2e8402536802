import type { VerdictPolicy } from '#shared/domain/evidence.ts';
import { sourceOfCode } from '#shared/domain/source.ts';
import { STATUS_CODE, statusOfCode } from '#shared/domain/status.ts';
import { effectiveStatus } from '#shared/domain/verdict.ts';
import { NO_ANSWER_CODE, NOT_ASKED, noAnswerOfCode } from '../../codes.ts';

/** What an item says, by stored codes. */
export interface ItemState {
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threatId: number | null;
}

/** True when the source said something: also that it does not know the file, or that it is still looking. */
export function isAnswer(noAnswer: number | null): boolean {
  return noAnswer !== NOT_ASKED && noAnswer !== NO_ANSWER_CODE['could-not-ask'];
}

export function isSameState(a: ItemState, b: ItemState): boolean {
  return a.status === b.status && a.noAnswer === b.noAnswer && a.score === b.score && a.threatId === b.threatId;
}

/** The code of the status an item counts with under these thresholds. */
export function effectiveCode(
  source: number,
  state: Pick<ItemState, 'status' | 'noAnswer' | 'score'>,
  policy: VerdictPolicy,
): number {
  const id = sourceOfCode(source);
  if (id === null) {
    // A source no version knows has no thresholds.
    return state.status;
  }
  const { noAnswer, score, status } = state;
  return STATUS_CODE[
    effectiveStatus(
      { source: id, status: statusOfCode(status), noAnswer: noAnswerOfCode(noAnswer), score, scannedAt: null },
      policy,
    )
  ];
}
