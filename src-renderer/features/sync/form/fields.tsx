import type { ReactNode } from 'react';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { FieldNotes, UnitField } from '../../../components/unit-field.tsx';
import type { ListField, NumberField, TextField } from './draft.ts';
import type { FieldProps } from './settings-form.tsx';

/** The id of a field of a job, for its label and its notes. */
export function idOf(jobId: number, name: string): string {
  return `sync-${jobId}-${name}`;
}

/** A group of parameters under its heading. */
export function Group(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="syncgroup" aria-label={props.title}>
      <div className="row">
        <h2 className="grow">{props.title}</h2>
        {props.aside}
      </div>
      <div className="form syncfields">{props.children}</div>
    </section>
  );
}

/** The name of a parameter; required ones carry a star. */
export function Label(props: {
  readonly htmlFor: string;
  readonly required?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <label htmlFor={props.htmlFor}>
      {props.children}
      {props.required === true ? <span aria-hidden="true"> *</span> : null}
    </label>
  );
}

interface LineProps extends FieldProps {
  /** Instead of the name of the parameter. */
  readonly label?: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly hint?: string;
  /** Why the field does not count now; it is disabled meanwhile. */
  readonly off?: string | null;
}

/** One line of text or one number, with its fault and its hint below. */
export function Line(props: LineProps & { readonly name: TextField | NumberField | 'minutes' }): ReactNode {
  const { job, draft, faults, onDraft, name, off = null } = props;
  const id = idOf(job.id, name);
  const numeric = props.unit !== undefined;
  const hint = off ?? props.hint;
  return (
    <>
      <Label htmlFor={id} required={props.required === true}>
        {props.label ?? (name === 'minutes' ? SYNC_LABELS.schedule : SYNC_LABELS[name])}
      </Label>
      <div className="stack tight">
        <span className={numeric ? 'syncshort' : undefined}>
          <UnitField
            id={id}
            value={draft[name]}
            numeric={numeric}
            disabled={off !== null}
            {...(props.unit === undefined ? {} : { unit: props.unit })}
            {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
            {...(hint === undefined ? {} : { describedBy: `${id}-hint` })}
            fault={off === null ? faults[name] : undefined}
            onValue={(value) => onDraft({ [name]: value })}
          />
        </span>
        <FieldNotes faults={[[id, off === null ? faults[name] : undefined]]} />
        <Hint id={id}>{hint}</Hint>
      </div>
    </>
  );
}

/** Names, one per line. */
export function Lines(props: LineProps & { readonly name: ListField; readonly aside?: ReactNode }): ReactNode {
  const { job, draft, onDraft, name, off = null } = props;
  const id = idOf(job.id, name);
  const hint = off ?? props.hint;
  const rows = Math.min(6, Math.max(2, draft[name].split('\n').length));
  return (
    <>
      <Label htmlFor={id}>{props.label ?? SYNC_LABELS[name]}</Label>
      <div className="stack tight">
        <div className="row syncarea">
          <textarea
            id={id}
            className="field area"
            rows={rows}
            value={draft[name]}
            disabled={off !== null}
            spellCheck={false}
            placeholder={props.placeholder}
            aria-describedby={hint === undefined ? undefined : `${id}-hint`}
            onChange={(event) => onDraft({ [name]: event.target.value })}
          />
          {props.aside}
        </div>
        <Hint id={id}>{hint}</Hint>
      </div>
    </>
  );
}

/** One of a few. */
export function Pick<V extends string>(props: {
  readonly id: string;
  readonly label: string;
  readonly value: V;
  readonly options: readonly (readonly [value: V, label: string])[];
  readonly hint?: string;
  readonly onValue: (value: V) => void;
}): ReactNode {
  const { id, options, hint } = props;
  return (
    <>
      <Label htmlFor={id}>{props.label}</Label>
      <div className="stack tight">
        <select
          id={id}
          className="field"
          value={props.value}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => {
            const chosen = options.find(([value]) => value === event.target.value);
            if (chosen !== undefined) {
              props.onValue(chosen[0]);
            }
          }}
        >
          {options.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <Hint id={id}>{hint}</Hint>
      </div>
    </>
  );
}

/** Yes or no. */
export function Tick(props: {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly checked: boolean;
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
  readonly onChecked: (checked: boolean) => void;
}): ReactNode {
  const { id, hint } = props;
  return (
    <>
      <span className="label">{props.label}</span>
      <div className="stack tight">
        <label className="row">
          <input
            id={id}
            type="checkbox"
            className="tick"
            checked={props.checked}
            disabled={props.disabled}
            aria-describedby={hint === undefined ? undefined : `${id}-hint`}
            onChange={(event) => props.onChecked(event.target.checked)}
          />
          {props.text}
        </label>
        <Hint id={id}>{hint}</Hint>
      </div>
    </>
  );
}

function Hint({ id, children }: { readonly id: string; readonly children: string | undefined }): ReactNode {
  return children === undefined ? null : (
    <p id={`${id}-hint`} className="hint">
      {children}
    </p>
  );
}
