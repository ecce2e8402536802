import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** States a fact and offers at most a step or two. */
export function Notice({
  children,
  actions,
}: {
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}): ReactNode {
  return (
    <div className="notice" role="status">
      <Icon name="note" />
      <div className="noticetext">{children}</div>
      {actions === undefined ? null : <div className="end">{actions}</div>}
    </div>
  );
}
