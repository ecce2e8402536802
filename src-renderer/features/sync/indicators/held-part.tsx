import { useState, type ReactNode } from 'react';
import type { SyncIndicatorView, SyncJobView } from '#shared/contract/sync.ts';
import { say, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { counted } from '../../../components/words.ts';
import { loadJobs } from '../store.ts';
import { HELD_COLUMNS } from './columns.tsx';
import { IndicatorGrid } from './indicator-grid.tsx';

/** What matches and is not sent, why, and the way to let it go all the same. */
export function HeldPart({ job }: { readonly job: SyncJobView }): ReactNode {
  const [current, setCurrent] = useState<SyncIndicatorView | null>(null);
  const [turn, setTurn] = useState(0);
  const again = (): void => setTurn((before) => before + 1);
  const isReleased = current?.released === true;
  const change = (rows: readonly SyncIndicatorView[], release: boolean): void =>
    void setReleased(job.id, rows, release, again);
  return (
    <IndicatorGrid
      job={job}
      which="held"
      turn={turn}
      label="Held back"
      columns={HELD_COLUMNS}
      onCurrent={setCurrent}
      onKey={(event, pick) => {
        if (event.key !== 'r' || event.ctrlKey || event.metaKey) {
          return false;
        }
        pick.withRows((rows) => change(rows, !(rows[0]?.released ?? false)));
        return true;
      }}
      renderFoot={(pick) => (
        <span className="end row">
          <span>c: copy</span>
          <button
            type="button"
            className="button compact"
            disabled={current === null || (pick.selected === 0 && !isReleased)}
            onClick={() => pick.withRows((rows) => change(rows, false))}
          >
            Hold back again
          </button>
          <button
            type="button"
            className="button compact"
            disabled={current === null || (pick.selected === 0 && (isReleased || current.held === 'own'))}
            title={current?.held === 'own' ? 'Own and private addresses are never pushed' : undefined}
            onClick={() => pick.withRows((rows) => change(rows, true))}
          >
            Release <kbd>r</kbd>
          </button>
        </span>
      )}
      empty={
        <div className="middle">
          <h2>Nothing is held back</h2>
          <p className="t2">
            Indicators that would flag what is known to be harmless here wait on this list instead of being sent:
            entries of the hash list, files of known-good sets, files a source calls non-malicious, own and private
            addresses, and what was called back.
          </p>
        </div>
      }
    />
  );
}

/** Releases indicators or holds them back again; what was done can be taken back. */
async function setReleased(
  jobId: number,
  rows: readonly SyncIndicatorView[],
  release: boolean,
  again: () => void,
): Promise<void> {
  // Undo touches what this changes and no more.
  const ids = rows
    .filter(({ released, held }) => released !== release && !(release && held === 'own'))
    .map(({ id }) => id);
  if (ids.length === 0) {
    say(release ? nothingToRelease(rows) : 'Nothing to hold back again.');
    return;
  }
  try {
    const { changed } = await call('sync.release', { jobId, ids, release });
    again();
    await loadJobs();
    const left = rows.length - changed;
    say(
      `${counted(changed, 'indicator')} ${release ? 'released: the next run sends' : 'held back again: the next run withdraws'} ${changed === 1 ? 'it' : 'them'}.${left > 0 ? ` ${counted(left, 'other')} stayed as they were.` : ''}`,
      { action: { label: 'Undo', run: () => void takeBack(jobId, ids, release).then(again) } },
    );
  } catch (error) {
    sayFault(error);
  }
}

function nothingToRelease(rows: readonly SyncIndicatorView[]): string {
  return rows.some(({ held }) => held === 'own')
    ? 'Own and private addresses and domains are never pushed; they stay held back.'
    : 'Released already.';
}

async function takeBack(jobId: number, ids: readonly number[], release: boolean): Promise<void> {
  try {
    const { changed } = await call('sync.release', { jobId, ids: [...ids], release: !release });
    await loadJobs();
    say(`${counted(changed, 'indicator')} as before.`);
  } catch (error) {
    sayFault(error);
  }
}
