import type { ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { number } from '../components/words.ts';
import { beforeWords, momentWords, valueWords, type Zone } from './chart-words.ts';

interface Props {
  readonly panel: Panel;
  readonly data: PanelData;
  readonly zone: Zone;
}

/** More rows nobody reads in a window, and they would make it slow; exports have them all. */
const MOST_ROWS = 2000;

/** The numbers of a chart as a table, one row for each interval, the latest first. Unknown values are dashes. */
export function ChartTable({ panel, data, zone }: Props): ReactNode {
  const hasParts = data.split !== 'none';
  const order = data.starts.map((_, index) => data.starts.length - 1 - index);
  const shown = order.slice(0, MOST_ROWS);
  return (
    <div className="charttablescroll" tabIndex={0} role="group" aria-label={`${panel.title}, table`}>
      <table className="sheet charttable">
        <caption className="visually-hidden">
          {panel.title}, {panel.unit}. {data.text}
        </caption>
        <thead>
          <tr>
            <th scope="col">From ({zone === 'utc' ? 'UTC' : 'local time'})</th>
            {hasParts
              ? data.series.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))
              : null}
            <th scope="col">{hasParts ? 'All' : panel.unit}</th>
            {data.before === null ? null : <th scope="col">{beforeWords(data)}</th>}
          </tr>
        </thead>
        <tbody>
          {shown.map((index) => (
            <tr key={data.starts[index]}>
              <th scope="row">{momentWords(data.starts[index] ?? 0, zone)}</th>
              {hasParts
                ? data.series.map(({ key, values }) => <td key={key}>{cell(panel, values[index] ?? null)}</td>)
                : null}
              <td>{cell(panel, data.totals[index] ?? null)}</td>
              {data.before === null ? null : <td>{cell(panel, data.before.values[index] ?? null)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {order.length > shown.length ? (
        <p className="small t2">
          The latest {number(shown.length)} of {number(order.length)} intervals. CSV holds them all.
        </p>
      ) : null}
    </div>
  );
}

/** Bytes in full: what a short form leaves out is what a table is looked at for. */
function cell({ unit }: Panel, value: number | null): string {
  if (value === null) {
    return '–';
  }
  return unit === 'bytes' ? number(Math.round(value)) : valueWords(unit, value);
}
