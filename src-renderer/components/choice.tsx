import { useId, type ReactNode } from 'react';

interface Props<V extends string> {
  readonly legend: string;
  readonly value: V;
  readonly onValue: (value: V) => void;
  readonly options: readonly { readonly value: V; readonly label: string; readonly hint?: string }[];
}

/** One of a few, all in sight. */
export function Choice<V extends string>({ legend, value, onValue, options }: Props<V>): ReactNode {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="small t2">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="choicerow">
          <input type="radio" name={name} checked={option.value === value} onChange={() => onValue(option.value)} />
          <span>
            {option.label}
            {option.hint === undefined ? null : <span className="hint">{option.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
