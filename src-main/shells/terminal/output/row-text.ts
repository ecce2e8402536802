import type { GridQuery, IntakeSummary } from '#shared/contract/intake.ts';
import { csvRows } from '../../../destinations/csv-rows.ts';
import { jsonlRows } from '../../../destinations/jsonl-rows.ts';
import { writtenColumns, writtenMember } from '../../../destinations/written-rows.ts';
import type { Engine } from '../../../services/engine-port.ts';
import type { Session } from '../session.ts';

/** The rows a query selects, as batches of whole lines; with notes and tags where the list has any. */
export async function* rowText(
  session: Session,
  engine: Engine,
  intake: IntakeSummary,
  query: GridQuery,
  format: 'jsonl' | 'csv',
): AsyncIterable<string> {
  const now = Math.floor(session.host.now() / 1000);
  const { tags, noted } = await engine.intakes.writtenCounts(intake.id);
  const isWritten = tags.length > 0 || noted > 0;
  const batches = engine.intakes.batches(intake.id, { kind: 'query', query }, session.signal);
  if (format === 'jsonl') {
    const toLine = jsonlRows(intake.columns, now, engine.simulated, isWritten ? writtenMember : undefined);
    for await (const batch of batches) {
      yield batch.map((row) => toLine(row)).join('');
    }
    return;
  }
  const { header, row: toLine } = csvRows(intake.columns, now, engine.simulated, isWritten ? writtenColumns : null);
  yield header;
  for await (const batch of batches) {
    yield batch.map((row) => toLine(row)).join('');
  }
}
