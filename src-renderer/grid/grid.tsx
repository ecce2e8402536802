import {
  useCallback,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { NARROWEST, templateOf, type Column } from './column.ts';
import { GridHead } from './grid-head.tsx';
import { visibleRows, scrollHeight } from './scroll-mapping.ts';
import {
  ALL_SELECTED,
  countSelected,
  extendTo,
  isSelected,
  NOTHING_SELECTED,
  toggle,
  type GridSelection,
} from './selection.ts';
import { useRows } from './use-rows.ts';
import { useGridScroll } from './use-scroll.ts';

const HEAD_HEIGHT = 28;

export interface GridProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly widths: Readonly<Record<string, number>>;
  readonly onWidth: (id: string, width: number) => void;
  readonly rowHeight: number;
  readonly total: number;
  /** Names the query; another one starts at the top with nothing selected. */
  readonly queryKey: string;
  /** Names the state of the data; another one refreshes in place. */
  readonly version: number;
  readonly fetchRows: (offset: number, limit: number) => Promise<readonly Row[]>;
  readonly sort?: { readonly by: string; readonly descending: boolean };
  readonly onSort?: (by: string) => void;
  readonly selection: GridSelection;
  readonly onSelection: (selection: GridSelection) => void;
  /** Told where the reader is; null while the row is on its way. */
  readonly onCurrent: (row: Row | null, position: number) => void;
  readonly onOpen?: (row: Row) => void;
  /** Keys the grid does not know, with the row the reader is on at that moment; return true when used. */
  readonly onKey?: (event: KeyboardEvent, row: Row | null) => boolean;
  readonly rowClass?: (row: Row) => string;
  /** Takes the keyboard when it appears, unless somebody is typing. */
  readonly takesFocus?: boolean;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

/** A grid of any number of rows, by keyboard as in a spreadsheet. Only what is seen exists as elements. */
export function Grid<Row>(props: GridProps<Row>): ReactNode {
  const { columns, total, rowHeight, selection, onSelection, queryKey, onCurrent } = props;
  const id = useId();
  const [current, setCurrent] = useState(0);
  const [seenKey, setSeenKey] = useState(queryKey);
  if (seenKey !== queryKey) {
    setSeenKey(queryKey);
    setCurrent(0);
  }
  const { box, geometry, offset, onScroll, reveal } = useGridScroll(total, rowHeight, HEAD_HEIGHT, queryKey);
  const { first, count, shift } = visibleRows(offset, geometry);
  const rows = useRows({ version: props.version, total, first, count, fetch: props.fetchRows });

  const { takesFocus = false } = props;
  useEffect(() => {
    const isTyping = document.activeElement?.closest('input, textarea, select, dialog') ?? null;
    if (takesFocus && isTyping === null) {
      box.current?.focus({ preventScroll: true });
    }
  }, [takesFocus, box]);

  const position = Math.min(current, Math.max(0, total - 1));
  const currentRow = total === 0 ? null : rows.rowAt(position);
  useEffect(() => onCurrent(currentRow, position), [currentRow, position, onCurrent]);

  // A bar that appears below makes the grid lower: the row that was in sight stays in sight.
  const lastViewport = useRef(geometry.viewport);
  useEffect(() => {
    const before = lastViewport.current;
    lastViewport.current = geometry.viewport;
    const top = position * rowHeight;
    if (geometry.viewport < before && top >= offset && top + rowHeight <= offset + before) {
      reveal(position);
    }
  }, [geometry.viewport, position, rowHeight, offset, reveal]);

  const moveTo = useCallback(
    (next: number, extend: boolean): void => {
      if (total === 0) {
        return;
      }
      const bounded = Math.min(total - 1, Math.max(0, next));
      if (extend) {
        const from = selection.positions.size === 0 && !selection.all ? { ...selection, anchor: position } : selection;
        onSelection(extendTo(from, bounded));
      }
      setCurrent(bounded);
      reveal(bounded);
    },
    [total, selection, onSelection, position, reveal],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor(geometry.viewport / rowHeight) - 1);
    const command = event.ctrlKey || event.metaKey;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: position + 1,
      ArrowUp: position - 1,
      PageDown: position + page,
      PageUp: position - page,
      Home: 0,
      End: total - 1,
      ...(command ? {} : { j: position + 1, k: position - 1 }),
    };
    const move = moves[event.key];
    if (move !== undefined) {
      moveTo(move, event.shiftKey);
    } else if (event.key === 'Enter' && currentRow !== null) {
      props.onOpen?.(currentRow);
    } else if ((event.key === 'x' || event.key === ' ') && !command && total > 0) {
      onSelection(toggle(selection, position));
    } else if (event.key === 'a' && command) {
      onSelection(ALL_SELECTED);
    } else if (event.key === 'Escape' && countSelected(selection, total) > 0) {
      onSelection(NOTHING_SELECTED);
      event.stopPropagation();
    } else if (props.onKey?.(event, currentRow) !== true) {
      return;
    }
    event.preventDefault();
  };

  const onRowClick = (event: MouseEvent, at: number): void => {
    setCurrent(at);
    if (event.shiftKey) {
      onSelection(extendTo(selection, at));
    } else if (event.ctrlKey || event.metaKey || (event.target as HTMLElement).closest('.tickcell') !== null) {
      onSelection(toggle(selection, at));
    } else {
      onSelection({ ...(selection.positions.size > 0 || selection.all ? selection : NOTHING_SELECTED), anchor: at });
    }
  };

  const drawn = Array.from({ length: count }, (_, index) => first + index);
  const template = templateOf(columns, props.widths);
  const isRowCurrent = (at: number): boolean => at === position && total > 0;
  return (
    <div
      ref={box}
      className="gridscroll"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={drawn.includes(position) ? `${id}-${position}` : undefined}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      data-rows-shown={drawn.length}
    >
      <div className="gridlayer" role="presentation" style={{ height: geometry.viewport + HEAD_HEIGHT }}>
        <GridHead
          columns={columns}
          template={template}
          sort={props.sort}
          onSort={props.onSort}
          onWidth={(column, width) => props.onWidth(column, Math.max(NARROWEST, Math.round(width)))}
          checked={
            total > 0 && countSelected(selection, total) === total
              ? 'all'
              : countSelected(selection, total) > 0
                ? 'some'
                : 'none'
          }
          onCheck={() => onSelection(countSelected(selection, total) > 0 ? NOTHING_SELECTED : ALL_SELECTED)}
        />
        <div className="gridrows" role="rowgroup" style={{ height: geometry.viewport }}>
          {drawn.map((at, index) => {
            const row = rows.rowAt(at);
            const selected = isSelected(selection, at);
            return (
              <div
                key={at}
                id={`${id}-${at}`}
                role="row"
                aria-rowindex={at + 2}
                aria-selected={selected}
                data-row={at}
                data-filled={row !== null}
                className={`gr${isRowCurrent(at) ? ' cur' : ''}${selected ? ' sel' : ''}${row === null ? '' : ` ${props.rowClass?.(row) ?? ''}`}`}
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${shift + index * rowHeight}px)`,
                }}
                onClick={(event) => onRowClick(event, at)}
                onDoubleClick={() => row !== null && props.onOpen?.(row)}
              >
                <span role="gridcell" aria-colindex={1} className="tickcell">
                  <span aria-hidden="true" className={selected ? 'check on' : 'check'} />
                </span>
                {columns.map((column, place) => (
                  <span
                    key={column.id}
                    role="gridcell"
                    aria-colindex={place + 2}
                    className={`cell${column.numeric === true ? ' num' : ''}${column.sticky === true ? ' stick' : ''}`}
                  >
                    {row === null ? <span className="bone" /> : column.render(row)}
                  </span>
                ))}
              </div>
            );
          })}
          {total === 0 ? (
            // Rows and cells alone may stand in a grid: what is said instead of rows is one.
            <div className="gridempty" role="row">
              <div role="gridcell">{props.empty}</div>
            </div>
          ) : null}
          {rows.error === null ? null : (
            <div className="gridfault" role="alert">
              <span>{rows.error}</span>
              <button type="button" className="button compact" onClick={rows.retry}>
                Try again
              </button>
            </div>
          )}
        </div>
      </div>
      <div
        className="gridsizer"
        role="presentation"
        style={{ height: Math.max(0, scrollHeight(geometry) - geometry.viewport) }}
      />
    </div>
  );
}
