import type { ReactNode } from 'react';

/** A share as a line; grey when it is all. `planned` is drawn hatched behind what is there. */
export function Meter({ part, planned = 0 }: { readonly part: number; readonly planned?: number }): ReactNode {
  const now = share(part);
  const more = Math.min(share(planned), 1 - now);
  return (
    <span className="meter" aria-hidden="true">
      <i className={now >= 1 ? 'full' : undefined} style={{ width: `${now * 100}%` }} />
      {more > 0 ? <i className="plan" style={{ left: `${now * 100}%`, width: `${more * 100}%` }} /> : null}
    </span>
  );
}

function share(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
