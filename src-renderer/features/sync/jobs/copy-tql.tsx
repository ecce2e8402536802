import type { ReactNode } from 'react';
import { say, sayFault } from '../../../app/store.ts';

/** Copies a query as it stands. */
export function CopyTql({ tql, label = 'Copy' }: { readonly tql: string; readonly label?: string }): ReactNode {
  return (
    <button
      type="button"
      className="linkbutton small"
      disabled={tql === ''}
      aria-label={label === 'Copy' ? 'Copy the TQL' : label}
      onClick={() => void navigator.clipboard.writeText(tql).then(() => say('TQL copied.'), sayFault)}
    >
      {label}
    </button>
  );
}
