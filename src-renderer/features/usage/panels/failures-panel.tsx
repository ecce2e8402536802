import { useContext, useRef, type ReactNode } from 'react';
import { SOURCES, type SourceId } from '#shared/domain/source.ts';
import type { FailureRow } from '#shared/contract/usage.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { number } from '../../../components/words.ts';
import { BoardContext } from '../board/board-context.ts';
import { isLive } from '../board/ranges.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useNear } from '../board/use-near.ts';
import { PanelSheet } from './panel-sheet.tsx';
import { type PlacedPanel, TablePanel } from './table-panel.tsx';

/** Failed requests as a table: sources down, reasons across. */
export function FailuresPanel(placed: PlacedPanel): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const { stretch, now } = useContext(BoardContext);
  const { from, to } = stretch;
  const state = useCall('usage.failures', isNear ? { from, to } : null);
  useRefreshed(state.ask, isNear && isLive(stretch, now));
  return (
    <TablePanel
      placed={placed}
      width="all"
      table="failure-reasons"
      state={state}
      place={place}
      headline={({ rows }) => ({ now: number(sumOf(rows)), note: rows.length === 0 ? '' : 'requests', hint: '' })}
      none="No request failed in this time."
    >
      {({ rows }) => <Matrix rows={rows} />}
    </TablePanel>
  );
}

function Matrix({ rows }: { readonly rows: readonly FailureRow[] }): ReactNode {
  const reasons = reasonsOf(rows);
  const of = (source: SourceId, reason: string): readonly FailureRow[] =>
    rows.filter((row) => row.source === source && row.reason === reason);
  return (
    <PanelSheet
      label="Failure reasons, table"
      head={
        <>
          <th scope="col">Source</th>
          {reasons.map(({ reason, label }) => (
            <th key={reason} scope="col" className="num">
              {label}
            </th>
          ))}
          <th scope="col" className="num">
            Together
          </th>
        </>
      }
    >
      {SOURCES.filter(({ id }) => rows.some(({ source }) => source === id)).map(({ id, short, label }) => (
        <tr key={id}>
          <th scope="row" title={label}>
            {short}
          </th>
          {reasons.map(({ reason }) => {
            const count = sumOf(of(id, reason));
            return (
              <td key={reason} className={count === 0 ? 'num t3' : 'num'}>
                {number(count)}
              </td>
            );
          })}
          <td className="num medium">{number(sumOf(rows.filter(({ source }) => source === id)))}</td>
        </tr>
      ))}
    </PanelSheet>
  );
}

/** Each reason once, the most frequent first. */
function reasonsOf(rows: readonly FailureRow[]): readonly { readonly reason: string; readonly label: string }[] {
  const labels = new Map(rows.map(({ reason, label }) => [reason, label]));
  return [...labels]
    .map(([reason, label]) => ({ reason, label, count: sumOf(rows.filter((row) => row.reason === reason)) }))
    .sort((left, right) => right.count - left.count);
}

function sumOf(rows: readonly FailureRow[]): number {
  return rows.reduce((sum, { requests }) => sum + requests, 0);
}
