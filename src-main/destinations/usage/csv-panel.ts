import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf } from '#shared/domain/usage/panels.ts';
import { csvCell, unrunnable } from '../csv-rows.ts';
import { isoTime } from '../jsonl-rows.ts';

const COLUMNS = ['panel', 'start', 'end', 'part', 'value', 'unit'] as const;

/** The first line of panels as CSV. In exports of a directory with simulated sources every row says so in a last column. */
export function csvPanelHeader(simulated: boolean): string {
  return `${[...COLUMNS, ...(simulated ? ['simulated'] : [])].join(',')}\n`;
}

/**
 * A panel as CSV (RFC 4180, line feeds): one row for each interval and part, times in UTC (ISO 8601, the end is not in the
 * interval), the value empty where it is not known. A part is named by its key, which does not change between versions;
 * `all` stands for the whole where there are none, so that 0 can be told from what is not known.
 */
export function csvPanel(data: PanelData, simulated: boolean): string {
  const { unit } = panelOf(data.panel);
  const mark = simulated ? ',true' : '';
  return partsOf(data)
    .map(({ key, values }) => {
      const part = csvCell(unrunnable(key));
      return data.starts
        .map((start, place) => {
          const value = values[place] ?? null;
          const end = isoTime(start + data.stepSeconds);
          return `${data.panel},${isoTime(start)},${end},${part},${value === null ? '' : value},${unit}${mark}\n`;
        })
        .join('');
    })
    .join('');
}

/** How many rows `csvPanel` writes. */
export function rowsOf(data: PanelData): number {
  return partsOf(data).length * data.starts.length;
}

function partsOf({ series, totals }: PanelData): readonly Pick<PanelData['series'][number], 'key' | 'values'>[] {
  return series.length === 0 ? [{ key: 'all', values: totals }] : series;
}
