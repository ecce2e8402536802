import type { ReactNode } from 'react';
import { AS_RECOGNISED, MOST_DIGEST_COLUMNS, takenColumns, toggledColumn } from './choice.ts';
import type { Previewing } from './use-preview.ts';

interface Props {
  readonly previewing: Previewing;
  /** Formats that could read it, best first. */
  readonly alternatives: readonly { readonly format: string; readonly label: string }[];
  /** False for text in hand. */
  readonly canBeSample: boolean;
}

/** The format and, for tables, the columns hashes are taken from. */
export function ReadingForm({ previewing, alternatives, canBeSample }: Props): ReactNode {
  const { choice, setChoice, formats, preview } = previewing;
  const fitting = new Set(alternatives.map(({ format }) => format));
  const others = formats.filter(({ id }) => !fitting.has(id));
  const columns = preview?.columns ?? [];
  const taken = takenColumns(choice, columns);
  const asRecognised =
    choice.columns === null ? null : (
      <button
        type="button"
        className="linkbutton small"
        onClick={() => setChoice({ ...AS_RECOGNISED, format: choice.format })}
      >
        Choose the columns by header and content
      </button>
    );
  return (
    <div className="form">
      <label htmlFor="reading-format">Read as</label>
      <select
        id="reading-format"
        className="field"
        value={choice.format}
        onChange={(event) => setChoice({ format: event.target.value, columns: null })}
      >
        <option value="">As recognised</option>
        {alternatives.length === 0 ? null : (
          <optgroup label="Could be">
            {alternatives.map(({ format, label }) => (
              <option key={format} value={format}>
                {label}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label="Other formats">
          {others.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </optgroup>
        {canBeSample ? <option value="sample">Sample: hash the file itself</option> : null}
      </select>
      {columns.length === 0 ? null : (
        <>
          <span className="label" id="reading-columns">
            Columns with hashes
          </span>
          <div className="columnboxes" role="group" aria-labelledby="reading-columns">
            {columns.map(({ name, holdsDigests }, index) => (
              <label key={`${index}:${name}`} className="row">
                <input
                  type="checkbox"
                  checked={taken.includes(index)}
                  disabled={!taken.includes(index) && taken.length >= MOST_DIGEST_COLUMNS}
                  onChange={() => setChoice({ ...choice, columns: toggledColumn(taken, index) })}
                />
                <span className="cut" title={name}>
                  {name}
                </span>
                {holdsDigests ? <span className="tag">hashes</span> : null}
              </label>
            ))}
            {/* In the line of the columns: the preview below stays where it is. */}
            {asRecognised}
          </div>
        </>
      )}
      {columns.length === 0 ? asRecognised : null}
    </div>
  );
}
