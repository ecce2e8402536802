import type { ReactNode } from 'react';
import type { CallInput } from '#shared/contract/index.ts';
import { useCall } from '../../bridge/use-call.ts';
import { counted } from '../../components/words.ts';
import { useSettled } from './use-settled.ts';

type Wanted = CallInput<'report.preview'>;

/** Between the last key and the question for a preview, in milliseconds. */
const PAUSE_MS = 300;

/**
 * How the report will begin: the page itself in a frame that may run nothing and reach nothing, or the text of the file.
 * The preview before stays until the next one is there.
 */
export function PreviewPane({ wanted }: { readonly wanted: Wanted | null }): ReactNode {
  const key = useSettled(wanted === null ? null : JSON.stringify(wanted), PAUSE_MS);
  const { value, error, loading } = useCall('report.preview', key === null ? null : (JSON.parse(key) as Wanted));
  return (
    <section className="reportpreview" aria-label="Preview" aria-busy={loading}>
      <p className="small t2">
        {value === null ? 'Preview' : `${value.suggestedName}, ${counted(value.rows, 'row')}`}
        {loading ? ' · updating…' : ''}
      </p>
      {error === null ? null : <p role="alert">{error}</p>}
      {value === null || error !== null ? (
        <div className="reportframe" />
      ) : value.kind === 'html' ? (
        <iframe className="reportframe" title="Preview of the report" sandbox="" srcDoc={value.content} />
      ) : (
        // Focusable, so that it can be scrolled with the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="reportframe mono" tabIndex={0} role="region" aria-label="Beginning of the file">
          {value.content}
        </pre>
      )}
      {value === null || value.notes.length === 0 ? null : (
        <ul className="reportnotes small">
          {value.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
