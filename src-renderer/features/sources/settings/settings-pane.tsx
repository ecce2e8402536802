import { useState, type FormEvent, type ReactNode } from 'react';
import type { SecretStoreView, SourceView } from '#shared/contract/sources.ts';
import type { Threshold } from '#shared/domain/evidence.ts';
import { takeSource } from '../../../app/asking.ts';
import { say, useApp } from '../../../app/store.ts';
import { call, sentenceOf } from '../../../bridge/client.ts';
import { ConnectionTest } from './connection-test.tsx';
import { changeOf, draftOf, faultsOf, limitHints, thresholdOf, thresholdsOf, type Draft } from './draft.ts';
import { changeDraft, dropDraft, useDrafts } from './drafts.ts';
import { AccessFields } from './access-fields.tsx';
import { NetworkFields } from './network-fields.tsx';
import { OptionFields } from './option-fields.tsx';
import { RenewalFields } from './renewal-fields.tsx';
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
  const thresholds = thresholdsOf(view.facts.score);
  const threshold = useApp((state) =>
    thresholds === null ? NO_THRESHOLD : (state.boot?.settings[thresholds.setting] ?? NO_THRESHOLD),
  );
  const kept = draftOf(configOf(view), threshold);
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
            <OptionFields {...fields} />
            <SpendingFields {...fields} hints={limitHints(draft, view.quota)} />
            <RenewalFields {...fields} />
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

/** What is kept, with a value for every option: those a later version brought may be missing. */
function configOf({ config, facts }: SourceView): SourceView['config'] {
  return { ...config, options: { ...facts.defaults.options, ...config.options } };
}

/** Assay's own defaults for everything but what the person's key and licence decide, and the texts only they know. */
function defaultsOf(view: SourceView, draft: Draft): Draft {
  const defaults = draftOf(view.facts.defaults, NO_THRESHOLD);
  const texts = view.facts.options.filter(({ choices }) => choices === null).map(({ name }) => name);
  const told = Object.fromEntries(texts.map((name) => [name, draft.options[name] ?? '']));
  return {
    ...defaults,
    url: defaults.url === '' ? draft.url : defaults.url,
    plan: draft.plan,
    licenceAccepted: draft.licenceAccepted,
    options: { ...defaults.options, ...told },
  };
}

async function store(view: SourceView, draft: Draft, threshold: Threshold): Promise<void> {
  const wanted = thresholdOf(draft);
  const change = changeOf(draft, configOf(view));
  if (Object.keys(change).length > 0) {
    takeSource(await call('sources.set', { source: view.source, change }));
  }
  const thresholds = thresholdsOf(view.facts.score);
  if (thresholds !== null && JSON.stringify(wanted) !== JSON.stringify(threshold)) {
    const settings = await call('settings.set', { [thresholds.setting]: wanted });
    useApp.setState((state) => ({ boot: state.boot === null ? null : { ...state.boot, settings } }));
  }
}
