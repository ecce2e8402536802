import { useEffect, useMemo, type ReactNode } from 'react';
import { CursorScope } from '../../charts/index.ts';
import { BoardContext } from './board/board-context.ts';
import { hiddenOf, isChanged, isChart, sectionsOf, type BoardPanel } from './board/layout.ts';
import { stretchOf } from './board/ranges.ts';
import { RefreshContext, useRefresher } from './board/refresh.ts';
import { goBack, resetLayout, showPanel, useBoard, useBoardState } from './board/store.ts';
import { useLinePoints } from './board/use-line-points.ts';
import { CustomRange } from './head/custom-range.tsx';
import { NothingYet } from './head/nothing-yet.tsx';
import { UsageHead } from './head/usage-head.tsx';
import { ChartPanel } from './panels/chart-panel.tsx';
import { FailuresPanel } from './panels/failures-panel.tsx';
import { ForecastPanel } from './panels/forecast-panel.tsx';
import { SavedPanel } from './panels/saved-panel.tsx';

/** The reputation board: what was asked, answered, kept, saved and is left, over a time. */
export function UsageView(): ReactNode {
  const board = useBoard();
  const isCustomOpen = useBoardState((state) => state.isCustomOpen);
  const { refresh, now } = useRefresher();
  const linePoints = useLinePoints();
  const { range, from, to } = board;
  const stretch = useMemo(() => stretchOf({ range, from, to }, now), [range, from, to, now]);
  const time = useMemo(() => ({ stretch, now, linePoints }), [stretch, now, linePoints]);
  useBackKey();
  return (
    <RefreshContext value={refresh}>
      <BoardContext value={time}>
        <section className="view">
          <UsageHead />
          {isCustomOpen ? <CustomRange /> : null}
          <Board />
        </section>
      </BoardContext>
    </RefreshContext>
  );
}

/** As in a browser, and before it: a page of the window has no page before it. */
function useBackKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey && event.key === 'ArrowLeft' && document.querySelector('dialog[open]') === null) {
        event.preventDefault();
        goBack();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function Board(): ReactNode {
  const board = useBoard();
  const sections = sectionsOf(board);
  return (
    <div className="board" role="region" aria-label="Panels" tabIndex={0}>
      <NothingYet />
      <CursorScope>
        {sections.map(({ section, panels }) => (
          <div key={section} className="boardsection" role="group" aria-label={section}>
            <h2>{section}</h2>
            {panels.map((panel, index) => (
              <OnePanel key={panel.id} panel={panel} isFirst={index === 0} isLast={index === panels.length - 1} />
            ))}
          </div>
        ))}
      </CursorScope>
      {sections.length === 0 ? <p className="t2">All panels are hidden.</p> : null}
      <Hidden />
    </div>
  );
}

function OnePanel(props: {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}): ReactNode {
  const { id } = props.panel;
  if (isChart(id)) {
    return <ChartPanel id={id} isFirst={props.isFirst} isLast={props.isLast} />;
  }
  switch (id) {
    case 'quota-forecast':
      return <ForecastPanel {...props} />;
    case 'quota-saved':
      return <SavedPanel {...props} />;
    default:
      return <FailuresPanel {...props} />;
  }
}

/** The end of the board: what is hidden, and the way back to how it was at first. */
function Hidden(): ReactNode {
  const board = useBoard();
  const hidden = hiddenOf(board);
  return isChanged(board) ? (
    <div className="boardfoot small" role="group" aria-label="Hidden panels">
      {hidden.length === 0 ? null : <span className="t2">Hidden:</span>}
      {hidden.map((panel) => (
        <span key={panel.id} className="chip">
          {panel.title}
          <button type="button" className="linkbutton" onClick={() => showPanel(panel)}>
            Show<span className="visually-hidden"> {panel.title}</span>
          </button>
        </span>
      ))}
      <button type="button" className="button compact" onClick={resetLayout}>
        Reset layout
      </button>
    </div>
  ) : null;
}
