import type { ReactNode } from 'react';
import type { IntakePreview, PreviewRow } from '#shared/contract/intake.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import { number } from '../../../components/words.ts';

/** Columns of a table that are shown. */
const MOST_COLUMNS = 60;
/** Columns shown beside the hashes where the format is no table. */
const MOST_CARRIED = 6;

/** The first records of one text. */
type Records = Pick<IntakePreview, 'columns' | 'carriedColumns' | 'rows'>;

interface Props {
  readonly records: Records;
  /** What the table is called for those who do not see it. */
  readonly label: string;
}

/** One column of what is shown. */
interface Shown {
  readonly key: string;
  readonly name: string;
  /** Hashes are taken from it. */
  readonly isTaken: boolean;
  readonly cell: (row: PreviewRow) => string;
}

/** Rows as they would be read: hashes in their places, and why a row has none. */
export function Rows({ records, label }: Props): ReactNode {
  const shown = records.columns.length > 0 ? tableColumns(records) : recordColumns(records);
  return (
    <div className="scrollbox preview" role="region" aria-label={label} tabIndex={0}>
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col" className="num">
              Line
            </th>
            <th scope="col">Read</th>
            {shown.map(({ key, name, isTaken }) => (
              <th key={key} scope="col" className={isTaken ? 'taken' : ''}>
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
              {shown.map(({ key, isTaken, cell }) => (
                <td key={key} className={isTaken ? 'cut mono taken' : 'cut'} title={cell(row)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A table: its own columns, those with hashes marked. */
function tableColumns({ columns }: Records): readonly Shown[] {
  return columns.slice(0, MOST_COLUMNS).map(({ name, isTaken }, index) => ({
    key: String(index),
    name,
    isTaken,
    cell: ({ cells }) => cells[index] ?? '',
  }));
}

/** Anything else: the hashes by kind, then what is carried. */
function recordColumns({ rows, carriedColumns }: Records): readonly Shown[] {
  const kinds = DIGEST_KINDS.filter((kind) => rows.some(({ digests }) => digests.some((one) => one.kind === kind)));
  const carried = carriedColumns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => rows.some((row) => (row.carried[index] ?? '') !== ''))
    .slice(0, MOST_CARRIED);
  return [
    ...kinds.map((kind) => ({
      key: kind,
      name: DIGEST_LABEL[kind],
      isTaken: true,
      cell: ({ digests }: PreviewRow) => digests.find((one) => one.kind === kind)?.hash ?? '',
    })),
    ...carried.map(({ name, index }) => ({
      key: String(index),
      name,
      isTaken: false,
      cell: (row: PreviewRow) => row.carried[index] ?? '',
    })),
  ];
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
