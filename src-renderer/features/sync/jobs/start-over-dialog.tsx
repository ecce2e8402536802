import { useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { say } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { time } from '../../../components/words.ts';
import { useAttempt } from '../../sources/index.ts';
import { takeJob } from '../store.ts';

interface Props {
  readonly job: SyncJobView;
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}

/** Moves Last Modified by a person's word; by itself it moves only after a run that came to its end. */
export function StartOverDialog({ job, zone, onClose }: Props): ReactNode {
  const [text, setText] = useState(fieldOf(job.lastModified, zone));
  const { busy, fault, run } = useAttempt(onClose);
  const from = momentOf(text, zone);
  const isAhead = from !== null && from > job.lastModified;
  const keep = async (): Promise<void> => {
    if (from !== null) {
      takeJob(await call('sync.startOver', { jobId: job.id, from }));
      say(`The next run of ${job.name} pulls what was modified since ${time(from / 1000, zone)}.`);
    }
  };
  return (
    <Dialog
      title="Start over from…"
      action="Start over"
      disabled={busy || from === null || from === job.lastModified}
      onClose={onClose}
      onAction={() => run(keep)}
    >
      <p>
        Last Modified of {job.name} is {time(job.lastModified / 1000, zone)}. It moves by itself to the start of each
        run that came to its end.
      </p>
      <label className="stack tight">
        <span className="small t2">Pull again what was modified since{zone === 'utc' ? ', UTC' : ''}</span>
        <input type="datetime-local" className="field" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <p className="small t2" role="status">
        {from === null
          ? 'A date and a time of day.'
          : isAhead
            ? 'This is later: what was modified in between is pulled by the next reconcile only.'
            : 'The next run reads more; what is in Threat Response already is not written again.'}
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

/** A moment as the field has it, "2026-11-19T09:00", in the person's zone. */
function fieldOf(at: number, zone: Preferences['times']): string {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  return new Intl.DateTimeFormat('sv-SE', { ...timeZone, dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T');
}

function momentOf(text: string, zone: Preferences['times']): number | null {
  const at = Date.parse(`${text}${zone === 'utc' ? 'Z' : ''}`);
  return Number.isNaN(at) || at < 0 ? null : at;
}
