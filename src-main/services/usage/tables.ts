import type { BoardTableId } from '#shared/domain/usage/panels.ts';
import type { BoardTable } from '../../destinations/usage/board-tables.ts';
import type { UsageService } from './port.ts';

/** What the board tells as a table, over a time (seconds since the epoch); a forecast is of the present whatever the time. */
export async function readTable(
  usage: Pick<UsageService, 'forecast' | 'saved' | 'failures'>,
  table: BoardTableId,
  range: { readonly from: number; readonly to: number },
): Promise<BoardTable> {
  switch (table) {
    case 'quota-saved':
      return { table, ...(await usage.saved(range)) };
    case 'quota-forecast':
      return { table, rows: (await usage.forecast()).rows };
    default:
      return { table, rows: (await usage.failures(range)).rows };
  }
}
