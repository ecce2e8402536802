import type { GridQuery, IntakeSummary } from '#shared/contract/intake.ts';
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
  const { rowsToJsonl, rowsToCsv, csvHeader } = await import('./row-formats.ts');
  const now = Math.floor(session.host.now() / 1000);
  if (format === 'csv') {
    yield csvHeader(intake.columns);
  }
  for await (const batch of engine.intakes.batches(intake.id, { kind: 'query', query }, session.signal)) {
    yield format === 'csv' ? rowsToCsv(batch, now) : rowsToJsonl(batch, intake.columns, now);
  }
}
