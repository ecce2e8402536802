import { useState, type FormEvent, type ReactNode } from 'react';
import type { SourceView } from '#shared/contract/sources.ts';
import type { Settings } from '#shared/settings/schema.ts';
import { useAsking } from '../../../app/asking.ts';
import { say, sayFault, useApp } from '../../../app/store.ts';
import { sentenceOf } from '../../../bridge/client.ts';
import { lifeChangeOf, lifeDraftOf, lifeFaultsOf } from './draft.ts';
import { dropLifeDraft, useLifeDraft, withChanged } from './drafts.ts';
import { EffectsPane } from './effects-pane.tsx';
import { LifeFields } from './life-fields.tsx';
import { changeBack, storeLife } from './store-life.ts';
import { useEffects } from './use-effects.ts';

const NO_SOURCES: readonly SourceView[] = [];

/** How long items live: when they are asked for again, when they go, and what these values come to. */
export function LifePage(): ReactNode {
  const settings = useApp((state) => state.boot?.settings ?? null);
  const sources = useAsking((state) => state.listed?.sources ?? NO_SOURCES);
  return settings === null ? null : <LifeForm settings={settings} sources={sources} />;
}

function LifeForm(props: { readonly settings: Settings; readonly sources: readonly SourceView[] }): ReactNode {
  const { settings, sources } = props;
  const changed = useLifeDraft();
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const kept = lifeDraftOf(settings, sources);
  const draft = withChanged(kept, changed);
  const faults = lifeFaultsOf(draft);
  const isFaulty = Object.keys(faults).length > 0;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(kept);
  const change = isFaulty ? null : lifeChangeOf(draft, settings, sources);
  const worked = useEffects(change);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (change === null || !isChanged || saving) {
      return;
    }
    const back = changeBack(change, settings, sources);
    setSaving(true);
    setFault(null);
    storeLife(change).then(
      () => {
        dropLifeDraft();
        setSaving(false);
        say('Life of items saved.', {
          action: { label: 'Undo', run: () => void storeLife(back).then(dropLifeDraft).catch(sayFault) },
        });
      },
      (error: unknown) => {
        setSaving(false);
        setFault(sentenceOf(error));
      },
    );
  };
  return (
    <form className="lifepage" onSubmit={save} noValidate>
      <div className="lifefields">
        <LifeFields sources={sources} draft={draft} faults={faults} effects={worked.effects} isChanged={isChanged} />
        <div className="lifefoot">
          {fault === null ? (
            <span className="small t2 grow">{isChanged ? 'Changed, not saved yet.' : 'Saved values act at once.'}</span>
          ) : (
            <span className="small grow" role="alert">
              {fault}
            </span>
          )}
          <button
            type="button"
            className="button"
            disabled={!isChanged || saving}
            onClick={() => {
              setFault(null);
              dropLifeDraft();
            }}
          >
            Revert
          </button>
          <button type="submit" className="button primary" disabled={!isChanged || isFaulty || saving}>
            {saving ? 'Saving…' : 'Save'}
          </button>
        </div>
      </div>
      <EffectsPane {...worked} isFaulty={isFaulty} isChanged={isChanged} />
    </form>
  );
}
