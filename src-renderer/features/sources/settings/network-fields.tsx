import type { ReactNode } from 'react';
import type { SecretStoreView } from '#shared/contract/sources.ts';
import { KeyRow } from '../keys/key-row.tsx';
import { FieldNotes, UnitField } from './field.tsx';
import type { FieldProps } from './settings-pane.tsx';

/** How the connection is made. */
export function NetworkFields(props: FieldProps & { readonly secretStore: SecretStoreView }): ReactNode {
  const { view, draft, faults, onDraft, secretStore } = props;
  const id = (name: string): string => `${view.source}-${name}`;
  return (
    <>
      <label htmlFor={id('timeout')}>Timeout</label>
      <div className="stack tight">
        <div className="pair">
          <UnitField
            id={id('timeout')}
            numeric
            value={draft.timeoutSeconds}
            unit="s"
            fault={faults.timeoutSeconds}
            onValue={(timeoutSeconds) => onDraft({ timeoutSeconds })}
          />
          <UnitField
            id={id('concurrency')}
            label="Requests at a time"
            numeric
            value={draft.concurrency}
            unit="at a time"
            fault={faults.concurrency}
            onValue={(concurrency) => onDraft({ concurrency })}
          />
        </div>
        <FieldNotes
          faults={[
            [id('timeout'), faults.timeoutSeconds],
            [id('concurrency'), faults.concurrency],
          ]}
        />
      </div>
      <label htmlFor={id('tls')}>TLS</label>
      <div className="stack tight">
        <label className="row">
          <input
            id={id('tls')}
            type="checkbox"
            className="tick"
            checked={draft.verifyTls}
            onChange={(event) => onDraft({ verifyTls: event.target.checked })}
          />
          Verify certificates
        </label>
        {draft.verifyTls ? null : (
          <p className="hint">Whoever is in between can read the key and change answers. Name an own CA instead.</p>
        )}
        <UnitField
          id={id('ca')}
          label="Own CA, path of a PEM file"
          value={draft.caFile}
          placeholder="own CA: path of a PEM file"
          onValue={(caFile) => onDraft({ caFile })}
        />
      </div>
      <label htmlFor={id('proxy')}>Proxy</label>
      <div className="stack tight">
        <select
          id={id('proxy')}
          className="field"
          value={draft.proxyKind}
          onChange={(event) =>
            onDraft({
              proxyKind: (['none', 'manual'] as const).find((kind) => kind === event.target.value) ?? 'system',
            })
          }
        >
          <option value="system">System</option>
          <option value="none">None</option>
          <option value="manual">Own address</option>
        </select>
        {draft.proxyKind === 'manual' ? (
          <>
            <UnitField
              id={id('proxy-url')}
              label="Address of the proxy"
              value={draft.proxyUrl}
              placeholder="http://proxy.example:3128"
              fault={faults.proxyUrl}
              onValue={(proxyUrl) => onDraft({ proxyUrl })}
            />
            <FieldNotes faults={[[id('proxy-url'), faults.proxyUrl]]} />
          </>
        ) : null}
      </div>
      {draft.proxyKind === 'none' ? null : (
        <>
          <span className="label">Proxy login</span>
          <KeyRow view={view} of="proxy" store={secretStore} />
        </>
      )}
    </>
  );
}
