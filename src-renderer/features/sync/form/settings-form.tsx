import { useState, type FormEvent, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { say } from '../../../app/store.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { counted } from '../../../components/words.ts';
import { takeJob } from '../store.ts';
import { changeOf, defaultsOf, draftOf, faultsOf, type Draft, type Faults } from './draft.ts';
import { changeDraft, dropDraft, useSyncDrafts } from './drafts.ts';
import { PullFields } from './pull-fields.tsx';
import { SafetyFields } from './safety-fields.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
import { SendFields } from './send-fields.tsx';
import { TaniumFields } from './tanium-fields.tsx';
import { ThreatConnectFields } from './threatconnect-fields.tsx';

/** What every group of fields is given. */
export interface FieldProps {
  readonly job: SyncJobView;
  readonly draft: Draft;
  readonly faults: Faults;
  /** Fields differ from what is kept: tests and counts with kept settings would surprise. */
  readonly isChanged: boolean;
  readonly onDraft: (change: Partial<Draft>) => void;
}

/** The parameters of one job: checked as they are typed, saved together or not at all. */
export function SettingsForm({ job }: { readonly job: SyncJobView }): ReactNode {
  const kept = draftOf(job.config);
  const change = useSyncDrafts((drafts) => drafts[job.id]);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const draft = { ...kept, ...change };
  const faults = faultsOf(draft);
  const bad = Object.keys(faults).length;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(kept);
  const onDraft = (more: Partial<Draft>): void => {
    setFault(null);
    changeDraft(job.id, more);
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!isChanged || bad > 0 || saving) {
      return;
    }
    setSaving(true);
    call('sync.set', { jobId: job.id, change: changeOf(draft, job.config) }).then(
      (set) => {
        takeJob(set);
        dropDraft(job.id);
        setSaving(false);
        say(`Settings of ${job.name} saved.`);
      },
      (error: unknown) => {
        setSaving(false);
        setFault(sentenceOf(error));
      },
    );
  };
  const fields = { job, draft, faults, isChanged, onDraft };
  return (
    <form className="paneform" onSubmit={save} noValidate aria-label={`Settings of ${job.name}`}>
      <div className="syncform" tabIndex={0} role="region" aria-label="Parameters">
        <Missing job={job} />
        <ThreatConnectFields {...fields} />
        <TaniumFields {...fields} />
        <PullFields {...fields} />
        <ScheduleFields {...fields} />
        <SendFields {...fields} />
        <SafetyFields {...fields} />
      </div>
      <div className="panefoot">
        <span className="small grow" role={fault === null ? 'status' : 'alert'}>
          {fault ??
            (bad > 0 ? `${counted(bad, 'field')} to correct before saving.` : isChanged ? 'Not saved yet.' : '')}
        </span>
        <button
          type="button"
          className="button plain"
          title="Puts Assay’s own defaults into the fields, but for addresses and logins; nothing is kept before Save"
          onClick={() => onDraft(defaultsOf(draft))}
        >
          Defaults
        </button>
        <button type="button" className="button" disabled={!isChanged || saving} onClick={() => dropDraft(job.id)}>
          Revert
        </button>
        <button type="submit" className="button primary" disabled={!isChanged || saving || bad > 0}>
          {saving ? 'Saving…' : 'Save'}
        </button>
      </div>
    </form>
  );
}

/** Required parameters that are not set yet. */
function Missing({ job }: { readonly job: SyncJobView }): ReactNode {
  return job.missing.length === 0 ? (
    <p className="small t2">Parameters marked with * are required.</p>
  ) : (
    <div className="syncmissing small" role="status">
      <p className="medium">{counted(job.missing.length, 'required parameter')} not set</p>
      <ul>
        {job.missing.map(({ field, message }) => (
          <li key={field}>{message}</li>
        ))}
      </ul>
    </div>
  );
}
