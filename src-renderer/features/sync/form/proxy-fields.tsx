import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { FieldNotes, UnitField } from '../../../components/unit-field.tsx';
import type { ProxyField } from './draft.ts';
import { idOf, Label } from './fields.tsx';
import { SecretRow } from './secret-row.tsx';
import type { FieldProps } from './settings-form.tsx';

/** Which proxy one side is reached through, and its login. */
export function ProxyFields(props: FieldProps & { readonly name: ProxyField; readonly of: string }): ReactNode {
  const { job, draft, faults, onDraft, name, of } = props;
  const id = idOf(job.id, name);
  const proxy = draft[name];
  return (
    <>
      <Label htmlFor={id}>{SYNC_LABELS[name]}</Label>
      <div className="stack tight">
        <select
          id={id}
          className="field"
          value={proxy.kind}
          onChange={({ target }) =>
            onDraft({
              [name]:
                target.value === 'manual'
                  ? { kind: 'manual', url: '' }
                  : { kind: target.value === 'none' ? 'none' : 'system' },
            })
          }
        >
          <option value="system">System</option>
          <option value="none">None</option>
          <option value="manual">Own address</option>
        </select>
        {proxy.kind === 'manual' ? (
          <>
            <UnitField
              id={`${id}-url`}
              label={`Address of the proxy to ${of}`}
              value={proxy.url}
              placeholder="http://proxy.example:3128"
              fault={faults[name]}
              onValue={(url) => onDraft({ [name]: { kind: 'manual', url } })}
            />
            <FieldNotes faults={[[`${id}-url`, faults[name]]]} />
          </>
        ) : null}
      </div>
      {proxy.kind === 'none' ? null : (
        <SecretRow
          job={job}
          secret={name === 'taniumProxy' ? 'tanium-proxy' : 'threatconnect-proxy'}
          required={false}
        />
      )}
    </>
  );
}
