import type { ReactNode } from 'react';
import type { InputFileView } from '#shared/contract/intake.ts';
import { bytes, number } from '../../../components/words.ts';

interface Props {
  readonly inputs: readonly InputFileView[];
  /** The input whose first rows are shown. */
  readonly current: number;
  readonly onCurrent: (index: number) => void;
}

const SHOWN = 200;

/** How each input was read and why; of several, one is looked at. */
export function InputsTable({ inputs, current, onCurrent }: Props): ReactNode {
  return (
    <>
      <div className="scrollbox inputs" role="region" aria-label="Inputs" tabIndex={0}>
        <table className="sheet">
          <thead>
            <tr>
              <th scope="col">Input</th>
              <th scope="col">Read as</th>
              <th scope="col">Because</th>
              <th scope="col" className="num">
                Size
              </th>
              <th scope="col" className="num">
                Records
              </th>
            </tr>
          </thead>
          <tbody>
            {inputs.slice(0, SHOWN).map((input, index) => (
              <tr key={`${input.name}:${index}`} className={inputs.length > 1 && index === current ? 'cur' : ''}>
                <td
                  className="cut"
                  title={input.sha256 === null ? input.name : `${input.name}\nSHA-256 ${input.sha256}`}
                >
                  {inputs.length === 1 ? (
                    input.name
                  ) : (
                    <button
                      type="button"
                      className="linkbutton"
                      aria-pressed={index === current}
                      onClick={() => onCurrent(index)}
                    >
                      {input.name}
                    </button>
                  )}
                </td>
                <td>
                  {input.formatLabel}
                  {input.digestColumns.length === 0 ? '' : `: ${input.digestColumns.join(', ')}`}
                  <span className="t2"> {input.encoding}</span>
                </td>
                <td className="t2 wrap">{input.fault ?? input.why}</td>
                <td className="num">{bytes(input.bytes)}</td>
                <td className="num">{number(input.records)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {inputs.length > SHOWN ? (
        <p className="small t2">
          The first {SHOWN} of {number(inputs.length)} inputs.
        </p>
      ) : null}
    </>
  );
}
