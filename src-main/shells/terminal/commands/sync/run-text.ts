import type { SyncRunView } from '#shared/contract/sync.ts';
import { SYNC_ACTIONS } from '#shared/domain/indicator.ts';
import { count } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { countsText } from './follow-run.ts';

/** What a table shows without `--only`: all but the unchanged, which are the most, with nothing to do about them. */
export const NEWS = SYNC_ACTIONS.filter((action) => action !== 'unchanged');

/** The state of a run in words. */
export function stateText({ state, approved }: Pick<SyncRunView, 'state' | 'approved'>): string {
  return state === 'needs-approval' && approved ? 'approved' : state.replaceAll('-', ' ');
}

/** How a run ended, in a sentence or two. */
export function runText(run: SyncRunView): string {
  const what = run.kind === 'dry-run' || run.kind === 'recall-dry-run' ? `Dry run ${run.id}` : `Run ${run.id}`;
  const state = run.state === 'needs-approval' && !run.approved ? 'stopped to ask' : stateText(run);
  const counts = run.state === 'done' || newsText(run) !== '' ? ` ${countsText(run.counts)}.` : '';
  return visible(`${what}: ${state}.${counts}${run.message === '' ? '' : ` ${run.message}`}`);
}

/** What is not zero of it, and the sentence about it. */
export function outcomeText(run: SyncRunView): string {
  const news = newsText(run);
  return visible([news === '' ? '' : `${news}.`, run.message].filter((part) => part !== '').join(' '));
}

function newsText({ counts }: SyncRunView): string {
  return NEWS.filter((action) => counts[action] > 0)
    .map((action) => `${count(counts[action])} ${action === 'held' ? 'held back' : action}`)
    .join(', ');
}
