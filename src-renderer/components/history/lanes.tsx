import type { ReactNode } from 'react';
import type { HistoryLane } from '#shared/contract/history.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { statusClass, StatusMark } from '../status.tsx';
import { time } from '../words.ts';
import { axisWords, laneName, laneWords } from './history-words.ts';
import { drawn, spanOf, type DrawnStretch } from './lane-drawing.ts';

const TICKS = [0, 25, 50, 75];

interface Props {
  readonly lanes: readonly HistoryLane[];
  readonly zone: Preferences['times'];
  /** Seconds since the epoch. */
  readonly now: number;
}

/** A line per source over time, each state with its shape and colour; every line also says in words what it shows. */
export function Lanes({ lanes, zone, now }: Props): ReactNode {
  const span = spanOf(lanes, now);
  const at = (percent: number): string =>
    axisWords(span.from + ((span.to - span.from) * percent) / 100, span.to - span.from, zone);
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        <div key={`${lane.source}:${lane.hash}`} className="lane">
          <span className="lanename cut" aria-hidden="true">
            {laneName(lane, lanes)}
          </span>
          <div className="lanetrack" role="img" aria-label={`${laneName(lane, lanes)}: ${laneWords(lane, zone)}`}>
            {drawn(lane, span).map((piece) => (
              <Piece key={piece.from} piece={piece} zone={zone} />
            ))}
          </div>
        </div>
      ))}
      <div className="lane laneaxis" aria-hidden="true">
        <span className="lanename" />
        <div className="lanetrack">
          {TICKS.map((percent) => (
            <span key={percent} style={{ left: `${percent}%` }}>
              {at(percent)}
            </span>
          ))}
          <span className="lanenow">now</span>
        </div>
      </div>
    </div>
  );
}

function Piece({ piece, zone }: { readonly piece: DrawnStretch; readonly zone: Preferences['times'] }): ReactNode {
  const { status, left, width, isMarked, from } = piece;
  return (
    <>
      <span className={`stretch ${statusClass(status)}`} style={{ left: `${left}%`, width: `${width}%` }} />
      {isMarked ? (
        <span className="lanemark" style={{ left: `${left}%` }} title={`${status} since ${time(from, zone)}`}>
          <StatusMark status={status} />
        </span>
      ) : null}
    </>
  );
}
