import { useContext, type ReactNode } from 'react';
import { usePreferences } from '../../../app/store.ts';
import { BeforeKey, SourceLegend } from '../../../charts/index.ts';
import { Icon } from '../../../components/icon.tsx';
import { BoardContext } from '../board/board-context.ts';
import { exportPanels } from '../board/export.ts';
import { chartsOf, tablesOf } from '../board/layout.ts';
import { beforeOf, labelOf, LAST_RANGES } from '../board/ranges.ts';
import { chooseRange, goBack, setBoard, setTables, useBoard, useBoardState } from '../board/store.ts';

/** The title line of the board: its range, what it is compared with, what colours mean, and its exports. */
export function UsageHead(): ReactNode {
  const board = useBoard();
  return (
    <div className="viewhead usagehead">
      <h1>Usage</h1>
      <Ranges />
      <label className="row small t2 nowrap">
        <input
          type="checkbox"
          checked={board.compare}
          onChange={(event) => setBoard({ compare: event.target.checked })}
        />
        Compare with {beforeOf(board)}
        {board.compare ? <BeforeKey /> : null}
      </label>
      <div className="facts">
        <SourceLegend />
        <Exports />
      </div>
    </div>
  );
}

function Ranges(): ReactNode {
  const board = useBoard();
  const past = useBoardState((state) => state.past);
  const isCustomOpen = useBoardState((state) => state.isCustomOpen);
  const zone = usePreferences()?.times ?? 'local';
  const last = past.at(-1);
  return (
    <>
      <div className="segments" role="group" aria-label="Range">
        {LAST_RANGES.map((range) => (
          <button
            key={range}
            type="button"
            aria-pressed={board.range === range}
            onClick={() => chooseRange({ ...board, range })}
          >
            {labelOf({ range, from: 0, to: 0 }, zone)}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={board.range === 'custom'}
          aria-expanded={isCustomOpen}
          data-range="custom"
          onClick={() => useBoardState.setState({ isCustomOpen: !isCustomOpen })}
        >
          Custom
        </button>
      </div>
      {board.range === 'custom' ? <span className="small t2 nowrap">{labelOf(board, zone)}</span> : null}
      {last === undefined ? null : (
        <button
          type="button"
          className="button plain square"
          aria-label={`Back to ${labelOf(last, zone)}`}
          title={`Back to ${labelOf(last, zone)} (Alt Left)`}
          onClick={goBack}
        >
          <Icon name="back" />
        </button>
      )}
    </>
  );
}

function Exports(): ReactNode {
  const board = useBoard();
  const { stretch } = useContext(BoardContext);
  const writing = useBoardState((state) => state.writing);
  const panels = chartsOf(board);
  const canWrite = writing === null && panels.length > 0;
  return (
    <div className="row">
      <button
        type="button"
        className="button"
        aria-pressed={board.tables}
        title="All panels as tables"
        onClick={() => setTables(!board.tables)}
      >
        Table
      </button>
      <button
        type="button"
        className="button"
        disabled={!canWrite}
        title="All panels in sight, one row for each interval and part"
        onClick={() => void exportPanels('csv', stretch, panels)}
      >
        {writing === 'csv' ? 'Writing…' : 'CSV'}
      </button>
      <button
        type="button"
        className="button"
        disabled={!canWrite}
        title="The whole board as one file to print or to send"
        onClick={() => void exportPanels('html', stretch, panels, tablesOf(board))}
      >
        {writing === 'html' ? 'Writing…' : 'HTML'}
      </button>
    </div>
  );
}
