import { useState, type FormEvent, type ReactNode } from 'react';
import type { SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import type { Threshold } from '#shared/domain/evidence.ts';
import { takeSource } from '../../../app/asking.ts';
import { say, useApp } from '../../../app/store.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { ConnectionTest } from './connection-test.tsx';
import { changeOf, draftOf, faultsOf, limitHints, thresholdOf, type Draft } from './draft.ts';
import { changeDraft, dropDraft, useDrafts } from './drafts.ts';
import { AccessFields } from './access-fields.tsx';
import { NetworkFields } from './network-fields.tsx';
import { SpendingFields } from './spending-fields.tsx';

const NO_THRESHOLD: Threshold = { malicious: null, suspicious: null };

/** What every group of fields is given. */
export interface FieldProps {
  readonly view: SourceView;
  readonly draft: Draft;
  readonly faults: ReturnType<typeof faultsOf>;
  readonly onDraft: (change: Partial<Draft>) => void;
}

/** The settings of one source: checked as they are typed, saved together or not at all. */
export function SettingsPane(props: { readonly view: SourceView; readonly secretStore: SecretStoreView }): ReactNode {
  const { view, secretStore } = props;
  const threshold = useApp((state) =>
    view.facts.score === 'engines' ? (state.boot?.settings.virustotalThreshold ?? NO_THRESHOLD) : NO_THRESHOLD,
  );
  const kept = draftOf(view.config, threshold);
  const change = useDrafts((drafts) => drafts[view.source]);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const draft = { ...kept, ...change };
  const faults = faultsOf(draft, view);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(kept);
  const onDraft = (more: Partial<Draft>): void => {
    setFault(null);
    changeDraft(view.source, more);
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!isChanged || Object.keys(faults).length > 0 || saving) {
      return;
    }
    setSaving(true);
    store(view, draft, threshold).then(
      () => {
        dropDraft(view.source);
        setSaving(false);
        say(`Settings of ${view.label} saved.`);
      },
      (error: unknown) => {
        setSaving(false);
        setFault(sentenceOf(error));
      },
    );
  };
  const fields = { view, draft, faults, onDraft };
  return (
    <aside className="pane" aria-label={`Settings of ${view.label}`}>
      <div className="subhead">
        <h2>{view.label}</h2>
        <span className="small t3">settings</span>
        <ConnectionTest view={view} isChanged={isChanged} />
      </div>
      {view.reason === '' || view.state === 'disabled' ? null : <p className="panewhy">{view.reason}</p>}
      <form className="paneform" onSubmit={save} noValidate>
        <div className="panescroll" tabIndex={0} role="region" aria-label={`Fields of ${view.label}`}>
          <div className="form source">
            <AccessFields {...fields} secretStore={secretStore} />
            <SpendingFields {...fields} hints={limitHints(draft, view.quota)} />
            <NetworkFields {...fields} secretStore={secretStore} />
          </div>
        </div>
        <div className="panefoot">
          {fault === null ? (
            <span className="tiny t3 grow">Defaults are Assay’s own.</span>
          ) : (
            <span className="small grow" role="alert">
              {fault}
            </span>
          )}
          <button
            type="button"
            className="button plain"
            title="Puts Assay’s own defaults into the fields; nothing is kept before Save"
            onClick={() => onDraft(defaultsOf(view, draft))}
          >
            Defaults
          </button>
          <button
            type="button"
            className="button"
            disabled={!isChanged || saving}
            onClick={() => dropDraft(view.source)}
          >
            Revert
          </button>
          <button
            type="submit"
            className="button primary"
            disabled={!isChanged || saving || Object.keys(faults).length > 0}
          >
            {saving ? 'Saving…' : 'Save'}
          </button>
        </div>
      </form>
    </aside>
  );
}

/** Assay's own defaults for everything but what the person's key and licence decide. */
function defaultsOf(view: SourceView, draft: Draft): Draft {
  const defaults = draftOf(view.facts.defaults, NO_THRESHOLD);
  return { ...defaults, plan: draft.plan, licenceAccepted: draft.licenceAccepted };
}

async function store(view: SourceView, draft: Draft, threshold: Threshold): Promise<void> {
  const wanted = thresholdOf(draft);
  const change = changeOf(draft, view.config);
  if (Object.keys(change).length > 0) {
    takeSource(await call('sources.set', { source: view.source, change }));
  }
  if (view.facts.score === 'engines' && JSON.stringify(wanted) !== JSON.stringify(threshold)) {
    const settings = await call('settings.set', { virustotalThreshold: wanted });
    useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, settings } }));
  }
}
