import type { ReactNode } from 'react';
import type { SourceView } from '#shared/contract/sources.ts';
import { UnitField } from './field.tsx';
import type { FieldProps } from './settings-pane.tsx';

type Option = SourceView['facts']['options'][number];

/** What only this source has to be told: choices to pick from, and texts. Its hint stands under each. */
export function OptionFields({ view, draft, onDraft }: FieldProps): ReactNode {
  return view.facts.options.map((option) => (
    <OptionField
      key={option.name}
      id={`${view.source}-option-${option.name}`}
      option={option}
      value={draft.options[option.name] ?? ''}
      onValue={(value) => onDraft({ options: { ...draft.options, [option.name]: value } })}
    />
  ));
}

function OptionField(props: {
  readonly id: string;
  readonly option: Option;
  readonly value: string;
  readonly onValue: (value: string) => void;
}): ReactNode {
  const { id, option, value, onValue } = props;
  const hint = `${id}-hint`;
  return (
    <>
      <label htmlFor={id}>{option.label}</label>
      <div className="stack tight">
        {option.choices === null ? (
          <UnitField id={id} value={value} describedBy={hint} onValue={onValue} />
        ) : (
          <select
            id={id}
            className="field"
            value={value}
            aria-describedby={hint}
            onChange={(event) => onValue(event.target.value)}
          >
            {option.choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </select>
        )}
        <p id={hint} className="hint">
          {option.hint}
        </p>
      </div>
    </>
  );
}
