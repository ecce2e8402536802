import { csvRows } from '../../../destinations/csv-rows.ts';
import { jsonlRows } from '../../../destinations/jsonl-rows.ts';
import type { ExportRow } from '../port.ts';

/** Batches of rows as text, the CSV header first. `onRows` is told after each batch was taken. */
export async function* exportTexts(
  batches: AsyncIterable<readonly ExportRow[]>,
  format: 'csv' | 'jsonl',
  columns: readonly string[],
  now: number,
  simulated: boolean,
  onRows: (rows: number) => void,
): AsyncGenerator<string> {
  const csv = csvRows(columns, now, simulated);
  const toText = format === 'csv' ? csv.row : jsonlRows(columns, now, simulated);
  if (format === 'csv') {
    yield csv.header;
  }
  for await (const batch of batches) {
    let text = '';
    for (const row of batch) {
      text += toText(row);
    }
    yield text;
    onRows(batch.length);
  }
}
