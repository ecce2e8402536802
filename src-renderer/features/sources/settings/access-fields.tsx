import type { ReactNode } from 'react';
import type { SecretStoreView } from '#shared/contract/sources.ts';
import { KeyRow } from '../keys/key-row.tsx';
import { StoreRow } from '../keys/store-row.tsx';
import { FieldNotes, UnitField } from './field.tsx';
import type { FieldProps } from './settings-pane.tsx';

const OWN = 'own';
const AGENTS: Readonly<Record<string, string>> = {
  '': 'none, a WildFire key',
  pcc: 'Prisma Cloud Compute',
  prismaaccessapi: 'Prisma Access',
};

/** Where the source is, and what Assay shows it to be let in. */
export function AccessFields(props: FieldProps & { readonly secretStore: SecretStoreView }): ReactNode {
  const { view, draft, faults, onDraft, secretStore } = props;
  const { facts } = view;
  const preset = facts.urlPresets.find((one) => one.url === draft.url);
  const id = (name: string): string => `${view.source}-${name}`;
  return (
    <>
      <label htmlFor={id('preset')}>URL</label>
      <div className="stack tight">
        <select
          id={id('preset')}
          className="field"
          value={preset?.url ?? OWN}
          onChange={(event) => onDraft({ url: event.target.value === OWN ? '' : event.target.value })}
        >
          {facts.urlPresets.map((one) => (
            <option key={one.url} value={one.url}>
              {one.label}, {hostOf(one.url)}
            </option>
          ))}
          <option value={OWN}>Own address</option>
        </select>
        {preset === undefined ? (
          <UnitField
            id={id('url')}
            label="Own address"
            value={draft.url}
            placeholder="https://"
            fault={faults.url}
            onValue={(url) => onDraft({ url })}
          />
        ) : null}
        <FieldNotes faults={[[id('url'), faults.url]]} />
      </div>
      <span className="label">API key</span>
      <KeyRow view={view} of="source" store={secretStore} />
      <span className="label">Keys are in</span>
      <StoreRow store={secretStore} />
      {facts.plans.length > 1 ? <PlanFields {...props} /> : null}
      {facts.authStyles.length > 1 ? (
        <>
          <label htmlFor={id('auth')}>Key sent as</label>
          <select
            id={id('auth')}
            className="field"
            value={draft.authStyle}
            onChange={(event) => onDraft({ authStyle: event.target.value === 'bearer' ? 'bearer' : 'key' })}
          >
            <option value="key">API key</option>
            <option value="bearer">Bearer token</option>
          </select>
        </>
      ) : null}
      {facts.agents.length > 1 ? (
        <>
          <label htmlFor={id('agent')}>Agent</label>
          <select
            id={id('agent')}
            className="field"
            value={draft.agent}
            onChange={(event) => onDraft({ agent: facts.agents.find((one) => one === event.target.value) ?? '' })}
          >
            {facts.agents.map((agent) => (
              <option key={agent} value={agent}>
                {AGENTS[agent] ?? agent}
              </option>
            ))}
          </select>
        </>
      ) : null}
    </>
  );
}

function PlanFields({ view, draft, faults, onDraft }: FieldProps): ReactNode {
  const id = `${view.source}-licence`;
  return (
    <>
      <label htmlFor={`${view.source}-plan`}>Kind of key</label>
      <div className="stack tight">
        <select
          id={`${view.source}-plan`}
          className="field"
          value={draft.plan}
          onChange={(event) => onDraft({ plan: event.target.value === 'public' ? 'public' : 'paid' })}
        >
          <option value="paid">Paid</option>
          <option value="public">Public</option>
        </select>
        {draft.plan === 'public' && view.facts.licenceNote !== null ? (
          <>
            <p className="hint">{view.facts.licenceNote}</p>
            <label className="row">
              <input
                id={id}
                type="checkbox"
                className="tick"
                checked={draft.licenceAccepted}
                aria-invalid={faults.licenceAccepted !== undefined}
                aria-describedby={faults.licenceAccepted === undefined ? undefined : `${id}-note`}
                onChange={(event) => onDraft({ licenceAccepted: event.target.checked })}
              />
              I read this note and accept it
            </label>
            <FieldNotes faults={[[id, faults.licenceAccepted]]} />
          </>
        ) : null}
        {draft.plan === view.config.plan ? null : (
          <p className="hint">Limits of this kind of key apply when it is saved, unless others are set here.</p>
        )}
      </div>
    </>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
