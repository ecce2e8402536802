import type { ReactNode } from 'react';
import type { IntakePreview, PreviewRow } from '#shared/contract/intake.ts';
import { DIGEST_KINDS, DIGEST_LABEL } from '#shared/domain/hash.ts';
import { bytes, counted, number } from '../../../components/words.ts';
import type { Previewing } from './use-preview.ts';

/** Columns shown beside the hashes where the format is no table. */
const MOST_CARRIED = 6;

/** The first rows as they would be read: hashes in their places, and why a row has none. */
export function Preview({ previewing }: { readonly previewing: Previewing }): ReactNode {
  const { preview, reason, error, loading } = previewing;
  if (error !== null) {
    return (
      <p className="small" role="alert">
        {error}
      </p>
    );
  }
  if (preview === null) {
    return <p className="small t2">{reason}</p>;
  }
  return (
    <>
      <p className="small t2" role="status" aria-busy={loading}>
        {summary(preview)}
      </p>
      {preview.rows.length === 0 ? null : (
        <div className="scrollbox preview" role="region" aria-label="First rows" tabIndex={0}>
          <table className="sheet">
            {preview.columns.length > 0 ? <TableRows preview={preview} /> : <RecordRows preview={preview} />}
          </table>
        </div>
      )}
    </>
  );
}

function summary({ formatLabel, why, encoding, isList, counts, bytes: looked, isWhole }: IntakePreview): string {
  const how = `${formatLabel}${why === '' ? '' : ` (${why})`}, ${encoding}`;
  if (!isList) {
    return `No list of hashes: ${how}. Read by itself, the file is hashed as a sample.`;
  }
  const where = isWhole ? '' : `In the first ${bytes(looked)}: `;
  const parts = [
    counted(counts.hashed, 'row with a hash', 'rows with a hash'),
    `${number(counts.without)} without`,
    `${number(counts.rejected)} rejected`,
    counted(counts.otherLines, 'other line'),
  ];
  return `${how}. ${where}${parts.join(', ')}.`;
}

/** A table: its own columns, those with hashes marked. */
function TableRows({ preview }: { readonly preview: IntakePreview }): ReactNode {
  const shown = preview.columns.map((column, index) => ({ ...column, index })).slice(0, 60);
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
        {preview.rows.map((row) => (
          <tr key={row.line} className={`read-${row.kind}`}>
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
function RecordRows({ preview }: { readonly preview: IntakePreview }): ReactNode {
  const kinds = DIGEST_KINDS.filter((kind) =>
    preview.rows.some(({ digests }) => digests.some((one) => one.kind === kind)),
  );
  const carried = preview.carriedColumns
    .map((name, index) => ({ name, index }))
    .filter(({ index }) => preview.rows.some((row) => (row.carried[index] ?? '') !== ''))
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
        {preview.rows.map((row, place) => (
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
