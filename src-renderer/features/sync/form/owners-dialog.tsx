import { useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { counted } from '../../../components/words.ts';

interface Props {
  readonly job: SyncJobView;
  readonly chosen: readonly string[];
  readonly onChosen: (owners: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Owners the Api User may read, to be ticked. Names that were typed and are not among them stay. */
export function OwnersDialog({ job, chosen, onChosen, onClose }: Props): ReactNode {
  const { value, error, again } = useCall('sync.owners', { jobId: job.id });
  const [picked, setPicked] = useState<readonly string[]>(chosen);
  const [text, setText] = useState('');
  const owners = value?.owners ?? [];
  const wanted = text.trim().toLowerCase();
  const shown = owners.filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(wanted));
  return (
    <Dialog
      title="ThreatConnect Owners"
      action={picked.length === 0 ? 'Use all owners' : `Use ${counted(picked.length, 'owner')}`}
      disabled={value === null}
      onClose={onClose}
      onAction={() => {
        onChosen(picked);
        onClose();
      }}
    >
      {error === null ? null : (
        <>
          <p role="alert">{error}</p>
          <div>
            <button type="button" className="button" onClick={again}>
              Try again
            </button>
          </div>
        </>
      )}
      {value === null && error === null ? <p role="status">Asking ThreatConnect for the owners…</p> : null}
      {value === null ? null : (
        <>
          <label className="stack tight">
            <span className="small t2">Search</span>
            <input
              type="search"
              className="field"
              value={text}
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          </label>
          <div className="scrollbox syncowners" tabIndex={0} role="region" aria-label="Owners">
            {shown.map(({ name, type }) => (
              <label key={name} className="row">
                <input
                  type="checkbox"
                  className="tick"
                  checked={picked.includes(name)}
                  onChange={(event) =>
                    setPicked(event.target.checked ? [...picked, name] : picked.filter((one) => one !== name))
                  }
                />
                <span className="cut">{name}</span>
                <span className="t3 small">{type}</span>
              </label>
            ))}
            {shown.length === 0 ? (
              <p className="t2">{owners.length === 0 ? 'The Api User may read no owner.' : 'No such owner.'}</p>
            ) : null}
          </div>
          <p className="small t2">None ticked means all that can be read.</p>
        </>
      )}
    </Dialog>
  );
}
