import type { ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { say, sayFault } from '../../app/store.ts';

/** The compact answers that are kept, folded until somebody wants to read one. */
export function RawAnswers({ result }: { readonly result: LookupResult }): ReactNode {
  const kept = result.sources.flatMap(({ source, report }) => (report === null ? [] : [{ source, report }]));
  if (kept.length === 0) {
    return null;
  }
  const copy = (source: string, report: string): void => {
    navigator.clipboard.writeText(report).then(() => say(`The answer of ${source} is copied.`), sayFault);
  };
  return (
    <section className="rawanswers" aria-label="Raw answers">
      {kept.map(({ source, report }) => (
        <details key={source}>
          <summary>Raw answer, {sourceLabel(source)}</summary>
          <button type="button" className="linkbutton small" onClick={() => copy(sourceLabel(source), report)}>
            Copy
          </button>
          <pre className="mono-11 t2" tabIndex={0} role="region" aria-label={`Raw answer of ${sourceLabel(source)}`}>
            {report}
          </pre>
        </details>
      ))}
    </section>
  );
}
