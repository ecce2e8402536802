import { useCallback, useState, type KeyboardEvent, type ReactNode } from 'react';
import { say, setPreferences, usePreferences } from '../../app/store.ts';
import { useRowHeight } from '../../app/theme.ts';
import { counted, number } from '../../components/words.ts';
import type { Column } from '../../grid/column.ts';
import { Grid } from '../../grid/grid.tsx';
import { pickRows, sayPickFault } from '../../grid/pick-rows.ts';
import { countSelected, NOTHING_SELECTED } from '../../grid/selection.ts';

/** Rows that may be picked at once: as many ids as one call takes. */
export const MOST_IDS = 10_000;

interface Props<Row> {
  readonly label: string;
  /** Under this name widths are remembered. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly total: number;
  /** Names the query; another one starts at the top with nothing selected. */
  readonly queryKey: string;
  /** Names the state of the data; another one asks for the rows again and drops the selection. */
  readonly stamp: string;
  readonly fetchRows: (offset: number, limit: number) => Promise<readonly Row[]>;
  /** What `c` copies of a row. */
  readonly textOf: (row: Row) => string;
  /** Buttons and hints at the foot; `pick` gives the selected rows, or the one the reader is on. */
  readonly renderFoot: (parts: GridPick<Row>) => ReactNode;
  readonly onKey?: (event: KeyboardEvent, parts: GridPick<Row>) => boolean;
  readonly onOpen?: (row: Row) => void;
  readonly onCurrent?: (row: Row | null) => void;
  readonly one: string;
  readonly empty: ReactNode;
}

export interface GridPick<Row> {
  readonly selected: number;
  /** Hands over the picked rows when there are any; says why when they cannot be picked. */
  readonly withRows: (use: (rows: readonly Row[]) => void) => void;
}

/** A grid of one page call: selection, remembered widths, copying, and a foot with counts and buttons. */
export function SyncGrid<Row>(props: Props<Row>): ReactNode {
  const { name, total, queryKey, stamp, fetchRows, textOf } = props;
  const preferences = usePreferences();
  const rowHeight = useRowHeight();
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [current, setCurrent] = useState<Row | null>(null);
  const [seen, setSeen] = useState({ queryKey, stamp, version: 0 });
  if (seen.stamp !== stamp || seen.queryKey !== queryKey) {
    setSeen({ queryKey, stamp, version: seen.version + 1 });
    setSelection(NOTHING_SELECTED);
  }
  const tell = props.onCurrent;
  const onCurrent = useCallback(
    (row: Row | null) => {
      setCurrent(row);
      tell?.(row);
    },
    [tell],
  );
  const pickAt = (at: Row | null): GridPick<Row> => ({
    selected: countSelected(selection, total),
    withRows: (use) =>
      void pickRows({ selection, total, current: at, fetchRows, most: MOST_IDS }).then(
        (rows) => (rows.length === 0 ? undefined : use(rows)),
        sayPickFault,
      ),
  });
  const copy = (rows: readonly Row[]): void => {
    const texts = [...new Set(rows.map(textOf))];
    void navigator.clipboard
      .writeText(texts.join('\n'))
      .then(() => say(`${counted(texts.length, 'indicator')} copied.`), sayPickFault);
  };
  const onKey = (event: KeyboardEvent, at: Row | null): boolean => {
    if (event.key === 'c' && !event.ctrlKey && !event.metaKey) {
      pickAt(at).withRows(copy);
      return true;
    }
    return props.onKey?.(event, pickAt(at)) === true;
  };
  const remembered = preferences?.columns[name] ?? { hidden: [], widths: {} };
  const selected = countSelected(selection, total);
  return (
    <div className="gridwrap">
      <Grid
        label={props.label}
        columns={props.columns}
        widths={remembered.widths}
        onWidth={(id, width) =>
          setPreferences({
            columns: {
              ...preferences?.columns,
              [name]: { ...remembered, widths: { ...remembered.widths, [id]: width } },
            },
          })
        }
        rowHeight={rowHeight}
        total={total}
        queryKey={queryKey}
        version={seen.version}
        fetchRows={fetchRows}
        selection={selection}
        onSelection={setSelection}
        onCurrent={onCurrent}
        {...(props.onOpen === undefined ? {} : { onOpen: props.onOpen })}
        onKey={onKey}
        takesFocus
        empty={props.empty}
      />
      <div className="gridfoot syncfoot">
        <span>{counted(total, props.one)}</span>
        {selected > 0 ? <span>{number(selected)} selected</span> : null}
        {props.renderFoot(pickAt(current))}
      </div>
    </div>
  );
}
