import { useState, type ReactNode } from 'react';
import type { Threshold } from '#shared/domain/evidence.ts';

interface Props {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly most: number;
  /** Assay's own, which hold while a field is empty; null while they are not known here. */
  readonly own: { readonly malicious: number; readonly suspicious: number } | null;
  readonly value: Threshold;
  readonly onValue: (value: Threshold) => void;
}

/** From which score on a source's item counts as malicious or suspicious; empty is Assay's own. */
export function ThresholdFields({ id, title, unit, most, own, value, onValue }: Props): ReactNode {
  return (
    <fieldset className="choice">
      <legend className="small t2">
        {title}, {unit} from which an answer counts as
      </legend>
      <div className="form">
        <One
          id={`${id}-malicious`}
          label="malicious"
          placeholder={String(own?.malicious ?? '')}
          most={most}
          value={value.malicious}
          onValue={(malicious) => onValue({ ...value, malicious })}
        />
        <One
          id={`${id}-suspicious`}
          label="suspicious"
          placeholder={String(own?.suspicious ?? '')}
          most={most}
          value={value.suspicious}
          onValue={(suspicious) => onValue({ ...value, suspicious })}
        />
      </div>
    </fieldset>
  );
}

function One(props: {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly most: number;
  readonly value: number | null;
  readonly onValue: (value: number | null) => void;
}): ReactNode {
  const [text, setText] = useState(props.value === null ? '' : String(props.value));
  const typed = text.trim() === '' ? null : Number(text);
  const valid = typed === null || (Number.isInteger(typed) && typed >= 0 && typed <= props.most);
  return (
    <>
      <label htmlFor={props.id}>{props.label}</label>
      <span className="row">
        <input
          id={props.id}
          className={valid ? 'field short num' : 'field short num invalid'}
          inputMode="numeric"
          placeholder={props.placeholder}
          value={text}
          aria-invalid={!valid}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => valid && typed !== props.value && props.onValue(typed)}
        />
        {valid ? null : <span className="hint">A whole number from 0 to {props.most}.</span>}
      </span>
    </>
  );
}
