import { useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { Choice } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { counted, time } from '../../../components/words.ts';
import { useSyncDrafts } from '../form/drafts.ts';
import { requestRun } from '../actions.ts';
import { changeWords, hostOf, isOvertaken } from '../words.ts';

interface Props {
  readonly job: SyncJobView;
  /** What is chosen at first. */
  readonly first: 'run' | 'reconcile';
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}

/** Asks for a run now: what changed, or everything that matches. */
export function RunDialog({ job, first, zone, onClose }: Props): ReactNode {
  const [kind, setKind] = useState(first);
  const { lastDryRun, config } = job;
  const hasDraft = useSyncDrafts((drafts) => drafts[job.id] !== undefined);
  return (
    <Dialog
      title={`Run ${job.name} now`}
      action={kind === 'run' ? 'Run' : 'Reconcile'}
      focusAction
      onClose={onClose}
      onAction={() => {
        onClose();
        void requestRun(job, kind);
      }}
    >
      <Choice
        legend="What is compared"
        value={kind}
        onValue={setKind}
        options={[
          {
            value: 'run',
            label: `What was modified since ${time(job.lastModified / 1000, zone)}`,
            hint: 'Few requests. What was deleted in ThreatConnect is found by a reconcile.',
          },
          {
            value: 'reconcile',
            label: 'Everything that matches now',
            hint: 'Withdraws what was sent and no longer matches, within the guards of the settings.',
          },
        ]}
      />
      <p className="small">
        Packages are written to {hostOf(config.taniumUrl)}, source {config.sourceName}
        {config.deploy ? ', and deployed once at the end' : ''}.
      </p>
      {hasDraft ? <p role="status">Parameters that are not saved yet do not count.</p> : null}
      <p className="small t2">
        {lastDryRun === null || lastDryRun.state !== 'done' || isOvertaken(job)
          ? 'A dry run shows before what a reconcile would write.'
          : `The dry run of ${time((lastDryRun.endedAt ?? lastDryRun.requestedAt) / 1000, zone)} said: ${changeWords(lastDryRun)}, ${counted(lastDryRun.counts.held, 'indicator')} held back, ${counted(lastDryRun.counts.packages, 'package')} to write.`}
      </p>
    </Dialog>
  );
}
