import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import type { Column } from './column.ts';

const STEP = 16;

interface Props<Row> {
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  readonly sort: { readonly by: string; readonly descending: boolean } | undefined;
  readonly onSort: ((by: string) => void) | undefined;
  readonly onWidth: (id: string, width: number) => void;
  readonly checked: 'none' | 'some' | 'all';
  readonly onCheck: () => void;
}

/** Header row: sort by pressing a name, width by dragging its right edge or with the arrow keys on it. */
export function GridHead<Row>(props: Props<Row>): ReactNode {
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className="gr head" style={{ gridTemplateColumns: props.template }}>
        <span role="columnheader" aria-colindex={1} className="tickcell">
          <button
            type="button"
            className="checkbutton"
            aria-label={props.checked === 'none' ? 'Select all rows' : 'Clear the selection'}
            onClick={props.onCheck}
          >
            <span
              className={props.checked === 'all' ? 'check on' : props.checked === 'some' ? 'check some' : 'check'}
            />
          </button>
        </span>
        {props.columns.map((column, place) => (
          <HeadCell key={column.id} column={column} place={place} {...props} />
        ))}
      </div>
    </div>
  );
}

function HeadCell<Row>({
  column,
  place,
  sort,
  onSort,
  onWidth,
}: Props<Row> & { readonly column: Column<Row>; readonly place: number }): ReactNode {
  const { sort: by } = column;
  const sorted = by !== undefined && sort?.by === by;
  const direction = sort?.descending === true ? 'descending' : 'ascending';
  return (
    <span
      role="columnheader"
      aria-colindex={place + 2}
      aria-sort={sorted ? direction : undefined}
      className={`cell${column.numeric === true ? ' num' : ''}${column.sticky === true ? ' stick' : ''}`}
    >
      {by === undefined || onSort === undefined ? (
        <span className="headname">{column.header}</span>
      ) : (
        <button type="button" className={`headname${sorted ? ` sorted ${direction}` : ''}`} onClick={() => onSort(by)}>
          {column.header}
        </button>
      )}
      <span
        className="sizer"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${column.header}`}
        aria-valuenow={column.width}
        tabIndex={0}
        onPointerDown={(event) => dragWidth(event, (width) => onWidth(column.id, width))}
        onKeyDown={(event) => stepWidth(event, (width) => onWidth(column.id, width))}
      />
    </span>
  );
}

function dragWidth(event: PointerEvent<HTMLSpanElement>, onWidth: (width: number) => void): void {
  const handle = event.currentTarget;
  const cell = handle.parentElement;
  if (cell === null || event.button !== 0) {
    return;
  }
  event.preventDefault();
  const startX = event.clientX;
  const startWidth = cell.getBoundingClientRect().width;
  handle.setPointerCapture(event.pointerId);
  const move = (to: globalThis.PointerEvent): void => onWidth(startWidth + to.clientX - startX);
  const end = (): void => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('pointerup', end);
    handle.removeEventListener('pointercancel', end);
  };
  handle.addEventListener('pointermove', move);
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
}

function stepWidth(event: KeyboardEvent<HTMLSpanElement>, onWidth: (width: number) => void): void {
  const step = event.key === 'ArrowRight' ? STEP : event.key === 'ArrowLeft' ? -STEP : 0;
  const cell = event.currentTarget.parentElement;
  if (step !== 0 && cell !== null) {
    event.preventDefault();
    event.stopPropagation();
    onWidth(cell.getBoundingClientRect().width + step);
  }
}
