import { useState, type ReactNode } from 'react';
import type { Threshold } from '#shared/domain/evidence.ts';

const SOURCES_WORD = 'source’s word';

interface Props {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly most: number;
  /** What holds while a field is empty; absent: what the source said. */
  readonly own?: { readonly malicious: string; readonly suspicious: string };
  readonly value: Threshold;
  readonly onValue: (value: Threshold) => void;
}

/** From which score on a source's item counts as malicious or suspicious; empty leaves the source's word. */
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
          placeholder={own?.malicious ?? SOURCES_WORD}
          most={most}
          value={value.malicious}
          onValue={(malicious) => onValue({ ...value, malicious })}
        />
        <One
          id={`${id}-suspicious`}
          label="suspicious"
          placeholder={own?.suspicious ?? SOURCES_WORD}
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
