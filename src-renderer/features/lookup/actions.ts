import type { LookupResult, LookupSource } from '#shared/contract/lookup.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { say, sayFault } from '../../app/store.ts';
import { call } from '../../bridge/client.ts';
import { counted } from '../../components/words.ts';

/** Asks sources about one hash with a person waiting; says what was queued, and why some were not. */
export async function askSources(hash: string, sources: readonly SourceId[], again: boolean): Promise<void> {
  if (sources.length === 0) {
    return;
  }
  try {
    const { queued, refused } = await call('lookup.ask', { hash, sources: [...sources], again });
    const reasons = refused.map(({ source, sentence }) => `${sourceLabel(source)} was not asked. ${sentence}`);
    if (reasons.length > 0) {
      const done = queued === 0 ? [] : [`${counted(queued, 'call')} queued.`];
      say([...done, ...reasons].join(' '), { isError: queued === 0 });
    }
  } catch (error) {
    sayFault(error);
  }
}

/** Opens the source's own page about a hash in the system's browser. */
export function openPage(hash: string, source: SourceId): void {
  call('lookup.openPage', { hash, source }).then(
    () => say(`${sourceLabel(source)}'s page opens in the browser.`),
    sayFault,
  );
}

/** Puts one hash on the hash list and offers the way back. */
export async function addToList(result: Pick<LookupResult, 'hash' | 'kind'>, side: ListSide): Promise<void> {
  try {
    const group = { [result.kind]: result.hash };
    const { problems, changeId } = await call('hashList.add', { groups: [group], side });
    const problem = problems[0];
    if (problem !== undefined) {
      say(`Nothing was added. ${problem.message}`, { isError: true });
    } else if (changeId === null) {
      say(`Already on the hash list as ${side}.`);
    } else {
      say(`On the hash list as ${side}.`, { action: { label: 'Undo', run: () => takeBack(changeId) } });
    }
  } catch (error) {
    sayFault(error);
  }
}

function takeBack(changeId: number): void {
  call('hashList.undo', { changeId }).then(({ problems }) => {
    const problem = problems[0];
    say(problem === undefined ? 'Taken back.' : problem.message, { isError: problem !== undefined });
  }, sayFault);
}

/** Sources whose asking could tell something new and that can be asked now. */
export function dueSources(sources: readonly LookupSource[]): readonly LookupSource[] {
  return sources.filter(({ due, price, queued }) => due && price !== null && queued === null);
}

/** Calls that asking these sources costs. */
export function callsOf(sources: readonly LookupSource[]): number {
  return sources.reduce((sum, { price }) => sum + (price?.billed ?? 0), 0);
}
