import type { ReactNode } from 'react';
import type { IntakePreview, PreviewRow } from '#shared/contract/intake.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import { number } from '../../../components/words.ts';

/** Columns shown beside the hashes where the format is no table. */
const MOST_CARRIED = 6;

/** The first records of one text. */
type Records = Pick<IntakePreview, 'columns' | 'carriedColumns' | 'rows'>;

interface Props {
  readonly records: Records;
  /** What the table is called for those who do not see it. */
  readonly label: string;
}

/** Rows as they would be read: hashes in their places, and why a row has none. */
export function Rows({ records, label }: Props): ReactNode {
  return (
    <div className="scrollbox preview" role="region" aria-label={label} tabIndex={0}>
      <table className="sheet">
        {records.columns.length > 0 ? <TableRows records={records} /> : <RecordRows records={records} />}
      </table>
    </div>
  );
}

/** A table: its own columns, those with hashes marked. */
function TableRows({ records }: { readonly records: Records }): ReactNode {
  const shown = records.columns.map((column, index) => ({ ...column, index })).slice(0, 60);
  return (
    <>
      <thead>
        <tr>
          <th scope="col" className="num">
            Line
          </th>
          <th scope="col">Read</th>
          {shown.map(({ name, isTaken, index }) => (
            <th key={index} scope="col" className={isTaken ? 'taken' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {records.rows.map((row, place) => (
          <tr key={`${place}:${row.line}`} className={`read-${row.kind}`}>
            <td className="num t2">{number(row.line)}</td>
            <Outcome row={row} />
            {shown.map(({ isTaken, index }) => (
              <td key={index} className={isTaken ? 'cut mono taken' : 'cut'} title={row.cells[index] ?? ''}>
                {row.cells[index] ?? ''}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

/** Anything else: the hashes by kind, then what is carried. */
function RecordRows({ records }: { readonly records: Records }): ReactNode {
  const kinds = DIGEST_KINDS.filter((kind) =>
    records.rows.some(({ digests }) => digests.some((one) => one.kind === kind)),
  );
  const carried = records.carriedColumns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => records.rows.some((row) => (row.carried[index] ?? '') !== ''))
    .slice(0, MOST_CARRIED);
  return (
    <>
      <thead>
        <tr>
          <th scope="col" className="num">
            Line
          </th>
          <th scope="col">Read</th>
          {kinds.map((kind) => (
            <th key={kind} scope="col" className="taken">
              {DIGEST_LABEL[kind]}
            </th>
          ))}
          {carried.map(({ name, index }) => (
            <th key={index} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {records.rows.map((row, place) => (
          <tr key={`${place}:${row.line}`} className={`read-${row.kind}`}>
            <td className="num t2">{number(row.line)}</td>
            <Outcome row={row} />
            {kinds.map((kind) => {
              const hash = row.digests.find((one) => one.kind === kind)?.hash ?? '';
              return (
                <td key={kind} className="cut mono taken" title={hash}>
                  {hash}
                </td>
              );
            })}
            {carried.map(({ index }) => (
              <td key={index} className="cut" title={row.carried[index] ?? ''}>
                {row.carried[index] ?? ''}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

function Outcome({ row }: { readonly row: PreviewRow }): ReactNode {
  if (row.kind === 'hash') {
    return <td className="t2">{row.digests.map(({ kind }) => DIGEST_LABEL[kind]).join(' + ')}</td>;
  }
  const what = row.kind === 'rejected' ? 'Rejected' : 'No hash';
  return (
    <td className="cut outcome" title={`${what}: ${row.reason}\n${row.excerpt}`}>
      {what}: {row.reason}
    </td>
  );
}
