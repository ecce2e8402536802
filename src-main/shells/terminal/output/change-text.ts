import type { ItemChange, ItemState } from '#shared/contract/history.ts';
import { utc } from './numbers.ts';
import { STATUS_SHAPE } from './style.ts';

/** What a source said before and says now; where the status is the same, what else is new. */
export function changeText({ before, after }: Pick<ItemChange, 'before' | 'after'>): string {
  return `${before.status} → ${STATUS_SHAPE[after.status]} ${stateText(before, after)}`;
}

/** What became what, as data: plain values, times in UTC. */
export function changeData({ from, flip, before, after }: ItemChange): Readonly<Record<string, unknown>> {
  return {
    flip,
    before: before.status,
    beforeNoAnswer: before.noAnswer,
    beforeScore: before.score,
    beforeThreat: before.threat,
    beforeSince: utc(from),
    after: after.status,
    afterNoAnswer: after.noAnswer,
    afterScore: after.score,
    afterThreat: after.threat,
  };
}

function stateText(before: ItemState, after: ItemState): string {
  const isScore = before.status === after.status && before.score !== after.score;
  return isScore ? `${after.status} (${before.score ?? '–'} → ${after.score ?? '–'})` : after.status;
}
