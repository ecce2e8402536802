import { useRef, useState, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import type { SyncSecret } from '#shared/settings/sync-job.ts';
import { syncSecretLabel } from '#shared/settings/sync-labels.ts';
import { useAsking } from '../../../app/asking.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useNow } from '../../../components/use-now.ts';
import { age } from '../../../components/words.ts';
import { SecretField, useAttempt } from '../../sources/index.ts';
import { loadJobs } from '../store.ts';
import { secretVariable } from '../words.ts';

const LONGEST = 4000;

interface Props {
  readonly job: SyncJobView;
  readonly secret: SyncSecret;
  readonly required: boolean;
}

/** Whether a secret of a job is there and where it came from; it can be set, replaced and removed, never read. */
export function SecretRow({ job, secret, required }: Props): ReactNode {
  const [open, setOpen] = useState<'none' | 'set' | 'remove'>('none');
  const now = useNow();
  const label = syncSecretLabel(secret, job.config);
  const store = useAsking((state) => state.listed?.secretStore);
  const state = job.secrets[secret];
  const place = state?.place ?? null;
  const noPlace = store?.locked === true || store?.place === 'none';
  return (
    <>
      <span className="label">
        {label}
        {required ? <span aria-hidden="true"> *</span> : null}
      </span>
      <div className="row">
        <span className="t2 grow wrap">{wordsOf(state, secretVariable(job.id, secret), now)}</span>
        {place === null || place === 'environment' ? null : (
          <button
            type="button"
            className="button compact"
            aria-label={`Remove ${label}`}
            onClick={() => setOpen('remove')}
          >
            Remove…
          </button>
        )}
        <button
          type="button"
          className="button compact"
          disabled={noPlace}
          title={noPlace ? store?.message : undefined}
          aria-label={`${place === null ? 'Set' : 'Replace'} ${label}`}
          onClick={() => setOpen('set')}
        >
          {place === null ? 'Set…' : 'Replace…'}
        </button>
      </div>
      {open === 'set' ? <SetDialog job={job} secret={secret} label={label} onClose={() => setOpen('none')} /> : null}
      {open === 'remove' ? (
        <RemoveDialog job={job} secret={secret} label={label} onClose={() => setOpen('none')} />
      ) : null}
    </>
  );
}

function wordsOf(state: SyncJobView['secrets'][SyncSecret] | undefined, variable: string, now: number): string {
  if (state === undefined || (state.place === null && state.fault === null)) {
    return 'not set';
  }
  if (state.fault !== null) {
    return state.fault;
  }
  if (state.place === 'environment') {
    return `from ${variable}`;
  }
  const ago = state.setAt === null ? '' : age(state.setAt, now);
  const when = ago === '' ? 'set' : ago === 'now' ? 'set just now' : `set ${ago} ago`;
  return `${when}, ${state.place === 'keychain' ? 'keychain' : 'passphrase file'}`;
}

type DialogProps = Omit<Props, 'required'> & { readonly label: string; readonly onClose: () => void };

function SetDialog({ job, secret, label, onClose }: DialogProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [fits, setFits] = useState(false);
  const store = useAsking((state) => state.listed?.secretStore);
  const { busy, fault, run } = useAttempt(onClose);
  const isProxy = secret === 'threatconnect-proxy' || secret === 'tanium-proxy';
  // Only a password may begin or end with a blank.
  const typed = (): string => {
    const value = field.current?.value ?? '';
    return secret === 'tanium' && job.config.taniumAuth === 'password' ? value : value.trim();
  };
  const keep = async (): Promise<void> => {
    await call('sync.setSecret', { jobId: job.id, secret, value: typed() });
    await loadJobs();
  };
  return (
    <Dialog
      title={`${label} of ${job.name}`}
      action={busy ? 'Keeping…' : 'Keep'}
      disabled={busy || !fits}
      onClose={onClose}
      onAction={() => run(keep)}
    >
      <SecretField
        label={isProxy ? 'name:password' : label}
        fieldRef={field}
        longest={LONGEST}
        onChange={() => setFits(isProxy ? /^[^:\s]+:./.test(typed()) : typed() !== '')}
      />
      <p className="small t2">
        Kept in {store?.place === 'file' ? 'the passphrase file' : 'the system’s keychain'}, and sent to the host of
        this job’s present address only. It can be replaced and removed here; it is never shown again.
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}

function RemoveDialog({ job, secret, label, onClose }: DialogProps): ReactNode {
  const { busy, fault, run } = useAttempt(onClose);
  const remove = async (): Promise<void> => {
    await call('sync.removeSecret', { jobId: job.id, secret });
    await loadJobs();
  };
  return (
    <Dialog
      title={`Remove ${label} of ${job.name}`}
      action="Remove"
      danger
      disabled={busy}
      onClose={onClose}
      onAction={() => run(remove)}
    >
      <p>
        {secret === 'threatconnect' || secret === 'tanium'
          ? 'The job cannot run without it. What it sent stays where it is.'
          : 'The proxy is used without a login from now on.'}
      </p>
      {fault === null ? null : <p role="alert">{fault}</p>}
    </Dialog>
  );
}
