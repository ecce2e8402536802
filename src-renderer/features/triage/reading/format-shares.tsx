import type { ReactNode } from 'react';
import type { InputFileView } from '#shared/contract/intake.ts';
import { byFormat } from '#shared/domain/by-format.ts';
import { number } from '../../../components/words.ts';

/** What became of the records, by format; nothing for a single format. */
export function FormatShares({ inputs }: { readonly inputs: readonly InputFileView[] }): ReactNode {
  const shares = byFormat(inputs);
  if (shares.length < 2) {
    return null;
  }
  return (
    <div className="scrollbox shares" role="region" aria-label="Records by format" tabIndex={0}>
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">Format</th>
            {['Inputs', 'Records', 'With a hash', 'Without', 'Rejected', 'Other lines'].map((name) => (
              <th key={name} scope="col" className="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shares.map(({ format, label, inputs: count, records, counts }) => (
            <tr key={`${format}:${label}`}>
              <td>{label}</td>
              <td className="num">{number(count)}</td>
              <td className="num">{number(records)}</td>
              {counts === null ? (
                <td colSpan={4} className="num t2">
                  not kept by the version that read it
                </td>
              ) : (
                [counts.hashed, counts.without, counts.rejected, counts.otherLines].map((value, index) => (
                  <td key={index} className="num">
                    {number(value)}
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
