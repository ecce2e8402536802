import { useRef, type ReactNode } from 'react';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { ForecastRow } from '#shared/contract/usage.ts';
import { usePreferences } from '../../../app/store.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Meter } from '../../../components/meter.tsx';
import { clock, number, time } from '../../../components/words.ts';
import type { BoardPanel } from '../board/layout.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useNear } from '../board/use-near.ts';
import { PanelFrame } from './panel-frame.tsx';
import { TableItems } from './table-items.tsx';

interface Props {
  readonly panel: BoardPanel;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Each quota of each source: what is spent, what will be when its window ends, and when it is used up. */
export function ForecastPanel({ panel, isFirst, isLast }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const zone = usePreferences()?.times ?? 'local';
  const { value, error, loading, again, ask } = useCall('usage.forecast', isNear ? {} : null);
  useRefreshed(ask, isNear);
  const soonest = soonestOf(value?.rows ?? []);
  return (
    <PanelFrame
      panel={panel}
      isFirst={isFirst}
      isLast={isLast}
      width="all"
      headline={
        value === null || soonest === null
          ? undefined
          : {
              now: clock(soonest.usedUpAt * 1000, value.at * 1000, zone),
              note: `first to end, ${sourceShortLabel(soonest.source)}${zone === 'utc' ? ', UTC' : ''}`,
              hint: soonest.sentence,
            }
      }
      items={value === null ? null : <TableItems table="quota-forecast" />}
      error={error}
      onAgain={again}
      isBusy={loading}
    >
      <div ref={place} className="panelbody">
        {value === null ? null : value.rows.length === 0 ? (
          <p className="panelnone small t2">
            No source with a limit is switched on. As soon as one is, its quotas and when they end are seen here.
          </p>
        ) : (
          <Rows rows={value.rows} zone={zone} />
        )}
      </div>
    </PanelFrame>
  );
}

function Rows({ rows, zone }: { readonly rows: readonly ForecastRow[]; readonly zone: 'local' | 'utc' }): ReactNode {
  return (
    <div className="paneltable" role="region" aria-label="Quota forecast, table" tabIndex={0}>
      <table className="sheet forecast">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Window</th>
            <th scope="col" className="num">
              Spent
            </th>
            <th scope="col" className="num">
              Limit
            </th>
            <th scope="col" className="bar">
              <span className="visually-hidden">Share</span>
            </th>
            <th scope="col" className="num">
              Expected
            </th>
            <th scope="col" className="ends">
              Window ends{zone === 'utc' ? ', UTC' : ''}
            </th>
            <th scope="col">At this pace</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.source} ${row.window}`}>
              <th scope="row" title={sourceLabel(row.source)}>
                {sourceShortLabel(row.source)}
              </th>
              <td className="t2">{row.window}</td>
              <td className="num">{number(row.spent)}</td>
              <td className="num t2">{number(row.limit)}</td>
              <td className="bar">
                <Meter part={part(row.spent, row.limit)} planned={part(row.expected - row.spent, row.limit)} />
              </td>
              <td className="num">{row.basis === 'none' ? '–' : number(Math.round(row.expected))}</td>
              <td className="ends t2 nowrap">{time(row.endsAt, zone).replace(' UTC', '')}</td>
              <td className={row.usedUpAt === null ? 'sentence t2' : 'sentence medium'}>{row.sentence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function part(value: number, limit: number): number {
  return limit === 0 ? 1 : value / limit;
}

function soonestOf(rows: readonly ForecastRow[]): (ForecastRow & { readonly usedUpAt: number }) | null {
  const ending = rows.flatMap((row) => (row.usedUpAt === null ? [] : [{ ...row, usedUpAt: row.usedUpAt }]));
  return ending.sort((left, right) => left.usedUpAt - right.usedUpAt)[0] ?? null;
}
