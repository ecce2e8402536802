import type { ReactNode } from 'react';
import { say, sayFault } from '../../../app/store.ts';

/** Copies a query as it stands. */
export function CopyTql({ tql }: { readonly tql: string }): ReactNode {
  return (
    <button
      type="button"
      className="linkbutton small"
      disabled={tql === ''}
      aria-label="Copy the TQL"
      onClick={() => void navigator.clipboard.writeText(tql).then(() => say('TQL copied.'), sayFault)}
    >
      Copy
    </button>
  );
}
