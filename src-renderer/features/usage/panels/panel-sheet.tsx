import type { ReactNode } from 'react';

interface Props {
  /** What the region is called for those who do not see it. */
  readonly label: string;
  readonly className?: string;
  /** The cells of the heading row. */
  readonly head: ReactNode;
  /** The rows. */
  readonly children: ReactNode;
}

/** The table of a panel: a region that takes the focus, so that keys can scroll it. */
export function PanelSheet({ label, className = '', head, children }: Props): ReactNode {
  return (
    <div className="paneltable" role="region" aria-label={label} tabIndex={0}>
      <table className={`sheet ${className}`.trimEnd()}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
