import { useState, type ReactNode } from 'react';
import type { LifeEffects } from '#shared/contract/life.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { FieldNotes, UnitField } from '../../../components/unit-field.tsx';
import { bytes, counted } from '../../../components/words.ts';
import type { LifeDraft, LifeFaults, LifeField } from './draft.ts';
import { changeField } from './drafts.ts';
import { fullWords, sizeWarning } from './effect-words.ts';
import { PurgeDialog } from './purge-dialog.tsx';
import { SourceTable } from './source-table.tsx';

interface Props {
  readonly sources: readonly SourceView[];
  readonly draft: LifeDraft;
  readonly faults: LifeFaults;
  /** Of the values last worked out. */
  readonly effects: LifeEffects | null;
  readonly isChanged: boolean;
}

/** The fields, in three sections; what a value comes to stands beside it. */
export function LifeFields({ sources, draft, faults, effects, isChanged }: Props): ReactNode {
  const [isPurgeOpen, setPurgeOpen] = useState(false);
  const own = { draft, faults };
  return (
    <>
      <Section title="Asking again">
        <Field
          {...own}
          field="rescanItemDays"
          label="Rescan Item Interval"
          unit="days"
          hint="All sources; empty is never"
        />
        <Field
          {...own}
          field="notKnownDays"
          label="Not known, ask again"
          unit="days"
          hint="Where the source does not know the file; empty is never"
        />
        <Field
          {...own}
          field="rescanShare"
          label="Share for rescans"
          unit="%"
          hint="Of each hour, day and month of a source; malicious items always get some"
        />
        <SourceTable sources={sources} draft={draft} faults={faults} effects={effects} />
      </Section>
      <Section title="Letting go">
        <Field
          {...own}
          field="removeItemDays"
          label="Remove Item Interval"
          unit="days"
          hint="Since anyone last asked; rescans do not count; empty is never"
        />
        <Field
          {...own}
          field="maxDatabaseMiB"
          label="Maximum Database Size"
          unit="MiB"
          hint={
            effects === null
              ? 'Used pages, kept answers and intakes'
              : `Now ${bytes(effects.size.bytes)}${fullWords(effects.size)}`
          }
          warning={effects === null ? '' : sizeWarning(effects.size)}
        />
        <div className="liferow">
          <span />
          <button type="button" className="button" onClick={() => setPurgeOpen(true)}>
            Show what a purge would remove
          </button>
          <span className="hint">{purgeWords(draft, effects)}</span>
        </div>
      </Section>
      <Section title="Changes">
        <label className="liferow">
          <span>Tell me about flips</span>
          <span className="row">
            <input
              type="checkbox"
              role="switch"
              className="switch"
              checked={draft.tellFlips}
              onChange={() => changeField({ tellFlips: !draft.tellFlips })}
            />
            by the desktop
          </span>
          <span className="hint">The window shows them in any case</span>
        </label>
        <Field {...own} field="historyDays" label="Keep history" unit="days" hint="What items were before" />
      </Section>
      {isPurgeOpen ? <PurgeDialog isChanged={isChanged} onClose={() => setPurgeOpen(false)} /> : null}
    </>
  );
}

function purgeWords({ removeItemDays }: LifeDraft, effects: LifeEffects | null): string {
  if (removeItemDays.trim() === '') {
    return 'Nothing is removed for its age.';
  }
  return effects === null ? '' : `${counted(effects.purge.items, 'item')} by these values; daily by itself`;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className="lifesection" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Field(props: {
  readonly draft: LifeDraft;
  readonly faults: LifeFaults;
  readonly field: LifeField;
  readonly label: string;
  readonly unit: string;
  readonly hint: string;
  readonly warning?: string;
}): ReactNode {
  const { draft, faults, field, label, unit, hint, warning = '' } = props;
  const id = `life-${field}`;
  return (
    <div className="liferow">
      <label htmlFor={id}>{label}</label>
      <UnitField
        id={id}
        value={draft[field]}
        onValue={(value) => changeField({ [field]: value })}
        unit={unit}
        numeric
        placeholder="never"
        fault={faults[field]}
      />
      <div className="lifehint">
        {faults[field] === undefined ? <span className="hint">{hint}</span> : null}
        <FieldNotes faults={[[id, faults[field]]]} hints={warning === '' ? [] : [warning]} />
      </div>
    </div>
  );
}
