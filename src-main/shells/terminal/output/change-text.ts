import type { ItemChange, ItemState } from '#shared/contract/history.ts';
import { utc } from './numbers.ts';
import { STATUS_SHAPE } from './style.ts';

/** What a source said before and says now. Where that is one status, what else is new: the score or the name. */
export function changeText({ before, after }: Pick<ItemChange, 'before' | 'after'>): string {
  const [was, is] = [stateText(before), stateText(after)];
  return `${was} → ${STATUS_SHAPE[after.status]} ${is}${was === is ? newsText(before, after) : ''}`;
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

function stateText({ status, noAnswer }: ItemState): string {
  return noAnswer === 'not-known' ? 'not known' : status;
}

function newsText(before: ItemState, after: ItemState): string {
  if (before.score !== after.score) {
    return ` (${before.score ?? '–'} → ${after.score ?? '–'})`;
  }
  if (before.threat === after.threat) {
    return '';
  }
  return before.threat === null ? ' (named)' : after.threat === null ? ' (no name)' : ' (another name)';
}
