import { useRef, type ReactNode } from 'react';
import { sourceLabel, sourceShortLabel } from '#shared/domain/source.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { ForecastRow } from '#shared/contract/usage.ts';
import { usePreferences } from '../../../app/store.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { Meter } from '../../../components/meter.tsx';
import { clock, number, time } from '../../../components/words.ts';
import { useRefreshed } from '../board/refresh.ts';
import { useNear } from '../board/use-near.ts';
import type { Headline } from './panel-frame.tsx';
import { PanelSheet } from './panel-sheet.tsx';
import { type PlacedPanel, TablePanel } from './table-panel.tsx';

/** Each quota of each source: what is spent, what will be when its window ends, and when it is used up. */
export function ForecastPanel(placed: PlacedPanel): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  const zone = usePreferences()?.times ?? 'local';
  const state = useCall('usage.forecast', isNear ? {} : null);
  useRefreshed(state.ask, isNear);
  return (
    <TablePanel
      placed={placed}
      width="all"
      table="quota-forecast"
      state={state}
      place={place}
      headline={(value) => headlineOf(value, zone)}
      none="No source with a limit is switched on. As soon as one is, its quotas and when they end are seen here."
    >
      {({ rows }) => <Rows rows={rows} zone={zone} />}
    </TablePanel>
  );
}

function headlineOf({ rows, at }: CallOutput<'usage.forecast'>, zone: 'local' | 'utc'): Headline | undefined {
  const soonest = soonestOf(rows);
  return soonest === null
    ? undefined
    : {
        now: clock(soonest.usedUpAt * 1000, at * 1000, zone),
        note: `first to end, ${sourceShortLabel(soonest.source)}${zone === 'utc' ? ', UTC' : ''}`,
        hint: soonest.sentence,
      };
}

function Rows({ rows, zone }: { readonly rows: readonly ForecastRow[]; readonly zone: 'local' | 'utc' }): ReactNode {
  return (
    <PanelSheet
      label="Quota forecast, table"
      className="forecast"
      head={
        <>
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
        </>
      }
    >
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
    </PanelSheet>
  );
}

function part(value: number, limit: number): number {
  return limit === 0 ? 1 : value / limit;
}

function soonestOf(rows: readonly ForecastRow[]): (ForecastRow & { readonly usedUpAt: number }) | null {
  const ending = rows.flatMap((row) => (row.usedUpAt === null ? [] : [{ ...row, usedUpAt: row.usedUpAt }]));
  return ending.sort((left, right) => left.usedUpAt - right.usedUpAt)[0] ?? null;
}
