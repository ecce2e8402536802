import { useState, type ReactNode } from 'react';

interface Props {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly hint: string;
  readonly onValue: (value: number) => void;
}

/** A whole number with its unit, checked as it is typed and saved when it is left. */
export function NumberField(props: Props): ReactNode {
  const { id, value, min, max } = props;
  const [text, setText] = useState(String(value));
  const typed = Number(text);
  const valid = text.trim() !== '' && Number.isInteger(typed) && typed >= min && typed <= max;
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <span className="stack">
        <span className="row">
          <input
            id={id}
            className={valid ? 'field short num' : 'field short num invalid'}
            inputMode="numeric"
            value={text}
            aria-invalid={!valid}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => valid && typed !== value && props.onValue(typed)}
          />
          <span className="t2 small">{props.unit}</span>
        </span>
        <span className="hint" id={`${id}-hint`}>
          {valid ? props.hint : `A whole number from ${min} to ${max}.`}
        </span>
      </span>
    </>
  );
}
