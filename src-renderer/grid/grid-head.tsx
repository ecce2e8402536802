import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
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

/**
 * Header row, one tab stop: left and right move between names, Enter sorts, Shift with left and right sets the width.
 * By hand: press a name, drag its right edge.
 */
export function GridHead<Row>(props: Props<Row>): ReactNode {
  const [stop, setStop] = useState(0);
  const reachable = Math.min(stop, props.columns.length - 1);
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
          <HeadCell
            key={column.id}
            column={column}
            place={place}
            isStop={place === reachable}
            onStop={() => setStop(place)}
            {...props}
          />
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
  isStop,
  onStop,
}: Props<Row> & {
  readonly column: Column<Row>;
  readonly place: number;
  readonly isStop: boolean;
  readonly onStop: () => void;
}): ReactNode {
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
      <button
        type="button"
        className={`headname${sorted ? ` sorted ${direction}` : ''}`}
        tabIndex={isStop ? 0 : -1}
        title={by === undefined ? column.header : `Sort by ${column.header.toLowerCase()}`}
        aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
        aria-disabled={by === undefined || onSort === undefined ? true : undefined}
        onFocus={onStop}
        onClick={() => by !== undefined && onSort?.(by)}
        onKeyDown={(event) => onHeadKey(event, (width) => onWidth(column.id, width))}
      >
        {column.header}
      </button>
      <span
        className="sizer"
        aria-hidden="true"
        onPointerDown={(event) => dragWidth(event, (width) => onWidth(column.id, width))}
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

function onHeadKey(event: KeyboardEvent<HTMLButtonElement>, onWidth: (width: number) => void): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  const cell = event.currentTarget.parentElement;
  if (step === 0 || cell === null || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (event.shiftKey) {
    onWidth(cell.getBoundingClientRect().width + step * STEP);
  } else {
    const next = step > 0 ? cell.nextElementSibling : cell.previousElementSibling;
    next?.querySelector<HTMLElement>('.headname')?.focus();
  }
}
