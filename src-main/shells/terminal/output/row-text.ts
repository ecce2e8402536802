import type { GridQuery, IntakeSummary } from '#shared/contract/intake.ts';
import { csvRows } from '../../../destinations/csv-rows.ts';
import { jsonlRows } from '../../../destinations/jsonl-rows.ts';
import type { Engine } from '../../../services/engine-port.ts';
import type { Session } from '../session.ts';

/** The rows a query selects, as batches of whole lines. */
export async function* rowText(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  query: GridQuery,
  format: 'jsonl' | 'csv',
): AsyncIterable<string> {
  const now = Math.floor(session.host.now() / 1000);
  const batches = engine.intakes.batches(intake.id, { kind: 'query', query }, session.signal);
  if (format === 'jsonl') {
    const toLine = jsonlRows(intake.columns, now, engine.simulated);
    for await (const batch of batches) {
      yield batch.map((row) => toLine(row)).join('');
    }
    return;
  }
  const { header, row: toLine } = csvRows(intake.columns, now, engine.simulated);
  yield header;
  for await (const batch of batches) {
    yield batch.map((row) => toLine(row)).join('');
  }
}
