import { useState, type ReactNode } from 'react';
import type { InputFileView, IntakeSummary, Reading } from '#shared/contract/intake.ts';
import { openIntake, sayFault } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { bytes, number } from '../../../components/words.ts';

interface Props {
  readonly intake: IntakeSummary;
  readonly inputs: readonly InputFileView[];
  readonly onClose: () => void;
}

const SHOWN = 200;

/** How the inputs were read and why, and the way to read them otherwise. */
export function ReadingDialog({ intake, inputs, onClose }: Props): ReactNode {
  const [choice, setChoice] = useState('');
  const [columns, setColumns] = useState('');
  const alternatives = [
    ...new Map(inputs.flatMap((input) => input.alternatives).map((one) => [one.format, one])).values(),
  ];
  const odd = Object.entries(intake.accounting.notDigests);
  const start = (): void => {
    const named = columns
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const reading: Reading =
      choice === 'sample'
        ? { as: 'sample' }
        : {
            as: choice === '' ? 'auto' : 'list',
            ...(choice === '' ? {} : { format: choice }),
            ...(named.length === 0 ? {} : { digestColumns: named }),
          };
    call('intake.reread', { intakeId: intake.id, reading }).then((started) => openIntake(started.intakeId), sayFault);
  };
  return (
    <Dialog
      title="How it was read"
      broad
      action="Read again"
      disabled={choice === '' && columns.trim() === ''}
      onClose={onClose}
      onAction={start}
    >
      <div className="scrollbox">
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
              <tr key={`${input.name}:${index}`}>
                <td
                  className="cut"
                  title={input.sha256 === null ? input.name : `${input.name}\nSHA-256 ${input.sha256}`}
                >
                  {input.name}
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
      {odd.length === 0 ? null : (
        <p className="small t2">
          Not taken for a file’s digest: {odd.map(([name, count]) => `${number(count)} ${name}`).join(', ')}.
        </p>
      )}
      <div className="form">
        <label htmlFor="reading-format">Read again as</label>
        <select
          id="reading-format"
          className="field"
          value={choice}
          onChange={(event) => setChoice(event.target.value)}
        >
          <option value="">As recognised</option>
          {alternatives.map((one) => (
            <option key={one.format} value={one.format}>
              {one.label}
            </option>
          ))}
          <option value="sample">Samples: hash the files themselves</option>
        </select>
        <label htmlFor="reading-columns">Digest columns</label>
        <input
          id="reading-columns"
          className="field"
          placeholder="names or numbers, separated by commas"
          value={columns}
          onChange={(event) => setColumns(event.target.value)}
        />
      </div>
      <p className="small t2">Reading again makes a new intake from the original input; this one is kept.</p>
    </Dialog>
  );
}
