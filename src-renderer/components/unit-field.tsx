import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface Props {
  readonly id: string;
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly fault?: string | undefined;
  readonly numeric?: boolean;
  readonly disabled?: boolean;
  /** Id of a hint that belongs to the field. */
  readonly describedBy?: string;
}

/** A field with its unit inside. Its fault, when it has one, is said by `FieldNotes` below and named here. */
export function UnitField(props: Props): ReactNode {
  const { id, value, unit, fault } = props;
  return (
    <span className={fault === undefined ? 'field' : 'field invalid'}>
      <input
        id={id}
        aria-label={props.label}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? props.describedBy : `${id}-note`}
        disabled={props.disabled}
        className={props.numeric === true ? 'num-input' : undefined}
        inputMode={props.numeric === true ? 'numeric' : undefined}
        placeholder={props.placeholder}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => props.onValue(event.target.value)}
      />
      {unit === undefined ? null : <span className="unit">{unit}</span>}
    </span>
  );
}

/** Faults and hints below a line of fields, each with the field it belongs to. */
export function FieldNotes(props: {
  readonly faults: readonly (readonly [id: string, fault: string | undefined])[];
  readonly hints?: readonly string[];
}): ReactNode {
  const faults = props.faults.flatMap(([id, fault]) => (fault === undefined ? [] : [[id, fault] as const]));
  const hints = props.hints ?? [];
  if (faults.length + hints.length === 0) {
    return null;
  }
  return (
    <div className="fieldnotes">
      {faults.map(([id, fault]) => (
        <p key={id} className="fieldnote" id={`${id}-note`} role="status">
          <Icon name="note" small />
          {fault}
        </p>
      ))}
      {hints.map((hint) => (
        <p key={hint} className="fieldnote t2">
          <Icon name="note" small />
          {hint}
        </p>
      ))}
    </div>
  );
}
