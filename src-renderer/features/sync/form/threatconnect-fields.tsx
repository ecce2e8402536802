import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { Group, idOf, Line, Pick } from './fields.tsx';
import { ProxyFields } from './proxy-fields.tsx';
import { SecretRow } from './secret-row.tsx';
import type { FieldProps } from './settings-form.tsx';
import { SideTest } from './side-test.tsx';

/** Where indicators come from, and as whom they are read. */
export function ThreatConnectFields(props: FieldProps): ReactNode {
  const { job, draft, isChanged, onDraft } = props;
  const byToken = draft.threatConnectAuth === 'token';
  return (
    <Group title="ThreatConnect" aside={<SideTest job={job} side="threatconnect" isChanged={isChanged} />}>
      <Line {...props} name="threatConnectUrl" required placeholder="https://app.threatconnect.com" />
      <Pick
        id={idOf(job.id, 'threatConnectAuth')}
        label={SYNC_LABELS.threatConnectAuth}
        value={draft.threatConnectAuth}
        options={[
          ['hmac', 'Access ID and secret key'],
          ['token', 'Token'],
        ]}
        onValue={(threatConnectAuth) => onDraft({ threatConnectAuth })}
      />
      {byToken ? null : <Line {...props} name="accessId" required />}
      <SecretRow job={job} secret="threatconnect" required />
      <Line
        {...props}
        name="threatConnectCaFile"
        placeholder="path of a PEM file"
        hint="For a ThreatConnect of one’s own whose certificate the system does not know."
      />
      <ProxyFields {...props} name="threatConnectProxy" of="ThreatConnect" />
      <Line {...props} name="timeoutSeconds" unit="s" hint="For requests to both sides." />
    </Group>
  );
}
