import { csvRows } from '../../csv-rows.ts';
import type { ReportContent } from '../port.ts';
import { reportColumns } from './report-columns.ts';

/**
 * The rows of a report as a clean table (see csvRows), which any program reads: what else the report states, and its seal,
 * lie in the manifest beside it. Records that are no rows are counted there and not listed.
 */
export async function* writeCsv({ head, rows }: ReportContent): AsyncGenerator<string> {
  const csv = csvRows(head.columns, head.madeAt, head.simulated, reportColumns(head.sets));
  yield csv.header;
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      text += csv.row(row);
    }
    yield text;
  }
}
