import type { ReactNode, RefObject } from 'react';
import type { BoardTableId } from '#shared/domain/usage/panels.ts';
import type { CallState } from '../../../bridge/use-call.ts';
import type { BoardPanel } from '../board/layout.ts';
import { type Headline, PanelFrame, type PanelWidth } from './panel-frame.tsx';
import { TableItems } from './table-items.tsx';

/** A panel where it stands on the board. */
export interface PlacedPanel {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

interface Props<T> {
  readonly placed: PlacedPanel;
  readonly width: PanelWidth;
  /** What its menu exports. */
  readonly table: BoardTableId;
  readonly state: CallState<T>;
  /** Set on what is watched for coming into sight. */
  readonly place: RefObject<HTMLDivElement | null>;
  readonly headline: (value: T) => Headline | undefined;
  /** Stands there instead of a table without rows. */
  readonly none: string;
  readonly children: (value: T) => ReactNode;
}

/** A panel that is a table and nothing else. Nothing of it is shown before it was read. */
export function TablePanel<T extends { readonly rows: readonly unknown[] }>({
  placed,
  width,
  table,
  state,
  place,
  headline,
  none,
  children,
}: Props<T>): ReactNode {
  const { value, error, loading, again } = state;
  return (
    <PanelFrame
      {...placed}
      width={width}
      headline={value === null ? undefined : headline(value)}
      items={value === null ? null : <TableItems table={table} />}
      error={error}
      onAgain={again}
      isBusy={loading}
    >
      <div ref={place} className="panelbody">
        {value === null ? null : value.rows.length === 0 ? (
          <p className="panelnone small t2">{none}</p>
        ) : (
          children(value)
        )}
      </div>
    </PanelFrame>
  );
}
