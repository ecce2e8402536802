import type { ReactNode } from 'react';
import { FieldNotes, UnitField } from './field.tsx';
import type { FieldProps } from './settings-pane.tsx';

/** Whether what a source said is asked for again by itself, and how often while an item is new. */
export function RenewalFields(props: FieldProps): ReactNode {
  const { view, draft, onDraft } = props;
  const id = `${view.source}-rescans`;
  const isPublic = draft.plan === 'public';
  return (
    <>
      <label htmlFor={id}>Rescans</label>
      <div className="stack tight">
        <label className="row">
          <input
            id={id}
            type="checkbox"
            className="tick"
            disabled={isPublic}
            checked={!isPublic && draft.rescans}
            onChange={(event) => onDraft({ rescans: event.target.checked })}
          />
          Ask again when an answer is due
        </label>
        {isPublic ? <p className="hint">With a public key no answer is renewed by itself.</p> : null}
      </div>
      {view.facts.hasNewItems ? <NewItemFields {...props} /> : null}
    </>
  );
}

function NewItemFields({ view, draft, faults, onDraft }: FieldProps): ReactNode {
  const id = (name: string): string => `${view.source}-${name}`;
  const isIdle = draft.plan === 'public' || !draft.rescans;
  return (
    <>
      <label htmlFor={id('new-days')}>New items</label>
      <div className="stack tight">
        <div className="pair">
          <UnitField
            id={id('new-days')}
            label="Maximum age of new items, days since the source first saw them"
            numeric
            placeholder="none"
            unit="days new"
            disabled={isIdle}
            value={draft.newItemDays}
            fault={faults.newItemDays}
            onValue={(newItemDays) => onDraft({ newItemDays })}
          />
          <UnitField
            id={id('new-hours')}
            label="Rescan interval of new items, hours"
            numeric
            unit="h between"
            disabled={isIdle || draft.newItemDays.trim() === ''}
            value={draft.newItemHours}
            fault={faults.newItemHours}
            onValue={(newItemHours) => onDraft({ newItemHours })}
          />
        </div>
        <FieldNotes
          faults={[
            [id('new-days'), faults.newItemDays],
            [id('new-hours'), faults.newItemHours],
          ]}
        />
        <p className="hint">
          Counted from when {view.label} first saw the file. Later, and where the days are empty, the rescan interval of
          the settings holds.
        </p>
      </div>
    </>
  );
}
