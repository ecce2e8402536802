import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { Group, idOf, Line, Pick, Tick } from './fields.tsx';
import { ProxyFields } from './proxy-fields.tsx';
import { SecretRow } from './secret-row.tsx';
import type { FieldProps } from './settings-form.tsx';
import { SideTest } from './side-test.tsx';

/** Where packages go, and as whom they are written. */
export function TaniumFields(props: FieldProps): ReactNode {
  const { job, draft, isChanged, onDraft } = props;
  const byToken = draft.taniumAuth === 'token';
  return (
    <Group title="Tanium" aside={<SideTest job={job} side="tanium" isChanged={isChanged} />}>
      <Line {...props} name="taniumUrl" required placeholder="https://tanium.example" />
      <Pick
        id={idOf(job.id, 'taniumAuth')}
        label={SYNC_LABELS.taniumAuth}
        value={draft.taniumAuth}
        options={[
          ['password', 'Username and password'],
          ['token', 'API token, which Tanium Cloud needs'],
        ]}
        onValue={(taniumAuth) => onDraft({ taniumAuth })}
      />
      {byToken ? null : (
        <>
          <Line {...props} name="taniumUsername" required />
          <Line {...props} name="taniumDomain" hint="Where the server has users of several domains." />
        </>
      )}
      <SecretRow job={job} secret="tanium" required />
      <Line
        {...props}
        name="taniumCaFile"
        placeholder="path of a PEM file"
        hint="With the certificate of one’s own authority, Verify SSL Cert can stay on."
      />
      <Tick
        id={idOf(job.id, 'verifyTaniumTls')}
        label={SYNC_LABELS.verifyTaniumTls}
        text="Verify the certificate of Tanium"
        checked={draft.verifyTaniumTls}
        hint={
          draft.verifyTaniumTls
            ? undefined
            : 'Off: whoever is in between can read the login and change what is sent. Name an own CA above instead.'
        }
        onChecked={(verifyTaniumTls) => onDraft({ verifyTaniumTls })}
      />
      <ProxyFields {...props} name="taniumProxy" of="Tanium" />
      <Line
        {...props}
        name="sourceName"
        required
        hint="Found or created by this name. Documents of others in it are never touched."
      />
      <Pick
        id={idOf(job.id, 'threatResponseApi')}
        label={SYNC_LABELS.threatResponseApi}
        value={draft.threatResponseApi}
        options={[
          ['auto', 'Look which version it is'],
          ['4', 'Version 4'],
          ['3', 'Version 3'],
        ]}
        onValue={(threatResponseApi) => onDraft({ threatResponseApi })}
      />
    </Group>
  );
}
