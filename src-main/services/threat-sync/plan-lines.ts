import type { CallParsed } from '#shared/contract/index.ts';
import { syncPlanLines } from '../../destinations/sync-plan-rows.ts';
import type { ThreatSyncService } from './port.ts';

/** As many rows as one page may have. */
const PAGE = 500;

export interface PlanLines {
  readonly request: CallParsed<'sync.exportPlan'>;
  /** The directory holds answers of simulated services. */
  readonly simulated: boolean;
  /** Told after each page: rows so far, and of how many. */
  readonly onRows: (done: number, total: number) => void;
}

/** The rows of a plan as batches of lines, in its order, a page at a time; no read outlives a page. */
export async function* planLines(
  service: Pick<ThreatSyncService, 'plan'>,
  { request: { format, ...query }, simulated, onRows }: PlanLines,
): AsyncGenerator<string> {
  const lines = syncPlanLines(format, simulated);
  yield lines.header;
  for (let offset = 0; ; offset += PAGE) {
    const { total, rows } = await service.plan({ ...query, offset, limit: PAGE });
    yield rows.map((row) => lines.row(row)).join('');
    onRows(offset + rows.length, total);
    if (rows.length < PAGE) {
      return;
    }
  }
}
