import type { ReactNode } from 'react';
import type { IntakePreview } from '#shared/contract/intake.ts';
import { bytes, counted, number } from '../../../components/words.ts';
import { insideSummary, PreviewInside } from './preview-inside.tsx';
import { Rows } from './preview-rows.tsx';
import type { Previewing } from './use-preview.ts';

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
    return (
      <p className="small t2" role="status" aria-busy={loading}>
        {reason}
      </p>
    );
  }
  return (
    <>
      <p className="small t2" role="status" aria-busy={loading}>
        {preview.inside === null ? summary(preview) : insideSummary(preview, preview.inside)}
      </p>
      {preview.rows.length === 0 ? null : <Rows records={preview} label="First rows" />}
      {preview.inside === null ? null : <PreviewInside inside={preview.inside} />}
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
