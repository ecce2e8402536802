import type { ListChange, ListEntry, ListQuery } from '#shared/contract/hash-list.ts';
import { say, sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { counted } from '../../components/words.ts';

export const EMPTY_LIST_QUERY: ListQuery = { side: null, expiring: false, text: '', sort: 'addedAt', descending: true };

/** The digest an entry is shown by: its strongest. */
export function leadingHash(entry: Pick<ListEntry, 'digests'>): string {
  return entry.digests.sha256 ?? entry.digests.sha1 ?? entry.digests.md5 ?? '';
}

/** Says what a change did and offers to take it back; a refused one says why. Returns whether it was written. */
export function tell(change: ListChange, word: string): boolean {
  const problem = change.problems[0];
  if (problem !== undefined) {
    const more = change.problems.length - 1;
    say(`Nothing was written. ${problem.message}${more === 0 ? '' : ` And ${counted(more, 'more problem')}.`}`, {
      isError: true,
    });
    return false;
  }
  const touched = change.added + change.updated + change.removed;
  const { changeId } = change;
  if (changeId === null) {
    say(
      change.unchanged > 0
        ? `Nothing to change: ${counted(change.unchanged, 'entry', 'entries')} already so.`
        : 'Nothing to change.',
    );
    return true;
  }
  say(`${counted(touched, 'entry', 'entries')} ${word}.`, {
    action: {
      label: 'Undo',
      run: () => void call('hashList.undo', { changeId }).then((undone) => tell(undone, 'put back'), sayFault),
    },
  });
  return true;
}
