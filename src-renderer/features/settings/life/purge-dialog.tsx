import { useState, type ReactNode } from 'react';
import type { PurgePreview } from '#shared/contract/life.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { StatusWord } from '../../../components/status.tsx';
import { counted, number } from '../../../components/words.ts';

const KEPT_WORDS: readonly (readonly [keyof PurgePreview['kept'], string])[] = [
  ['malicious', 'malicious'],
  ['hashList', 'on the hash list'],
  ['inIntake', 'in a kept intake'],
  ['queued', 'in the queue'],
];

/** What a purge would remove by the saved values, and the purge itself as a job. */
export function PurgeDialog(props: { readonly isChanged: boolean; readonly onClose: () => void }): ReactNode {
  const { isChanged, onClose } = props;
  const asked = useCall('life.purgePreview', {});
  const [busy, setBusy] = useState(false);
  const preview = asked.value;
  const canRemove = preview !== null && preview.items > 0;
  const remove = (): void => {
    setBusy(true);
    call('life.purge', {}).then(onClose, (error: unknown) => {
      sayFault(error);
      onClose();
    });
  };
  return (
    <Dialog
      title="What a purge would remove"
      {...(canRemove ? { action: `Remove ${counted(preview.items, 'item')}`, danger: true, onAction: remove } : {})}
      disabled={busy}
      onClose={onClose}
    >
      {isChanged ? <p className="small t2">By the saved values. What was changed and not saved is left out.</p> : null}
      {asked.error !== null ? (
        <p role="alert">{asked.error}</p>
      ) : preview === null ? (
        <p className="t2" role="status">
          Counting what nobody asked for. Nothing is removed.
        </p>
      ) : (
        <Preview preview={preview} />
      )}
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: PurgePreview }): ReactNode {
  const { askedBefore, groups, items, files, reports, kept } = preview;
  if (askedBefore === null) {
    return <p>The Remove Item Interval is never: nothing is removed.</p>;
  }
  const stays = KEPT_WORDS.filter(([name]) => kept[name] > 0).map(([name, words]) => `${number(kept[name])} ${words}`);
  return (
    <>
      <p>
        {items === 0
          ? 'Nothing is past the Remove Item Interval that may go.'
          : `${counted(items, 'item')} that nobody asked for since ${dayOf(askedBefore)}, with ${counted(reports, 'kept answer')} and ${counted(files, 'file')} of which nothing is left.`}
      </p>
      {groups.length === 0 ? null : (
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Status</th>
              <th scope="col" className="num">
                Items
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={`${group.source} ${group.status}`}>
                <td>{sourceLabel(group.source)}</td>
                <td>
                  <StatusWord status={group.status} />
                </td>
                <td className="num">{number(group.items)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {stays.length === 0 ? null : <p className="small t2">Kept all the same: {stays.join(', ')}.</p>}
      <p className="small t2">An item comes back when its hash does.</p>
    </>
  );
}

/** A day since 1970 as its date, UTC. */
function dayOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
