import type { ReadableDb, WritableDb } from '../handles.ts';
import { carryLetGo } from '../repositories/metrics/let-go.ts';

/** What is recorded about use, and what later records are compared with. */
const TABLES = [
  'metric_events',
  'metric_series',
  'metric_rollups',
  'metric_presence',
  'inbound_intakes',
  'inbound_look_ups',
];

type Row = Readonly<Record<string, number | string | Uint8Array | null>>;

/**
 * What this machine did is not undone by a restore: the record of use in `from` takes the place of the one that the backup
 * holds, which is an earlier part of it or another machine's. Intakes that only one of the two knows are not compared with:
 * their number may be given again.
 */
export function carryUsage(from: ReadableDb, into: WritableDb): void {
  if (from.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'metric_rollups'").get() === undefined) {
    return;
  }
  for (const table of TABLES) {
    const columns = into.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck(true).all(table);
    into.exec(`DELETE FROM ${table}`);
    const put = into.prepare(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
    );
    for (const row of from.prepare(`SELECT * FROM ${table}`).iterate() as Iterable<Row>) {
      put.run(row);
    }
  }
  carryLetGo(from, into);
  const same = from.prepare<[number, number]>('SELECT 1 FROM intakes WHERE id = ? AND created_at = ?');
  const createdAt = into.prepare<[number], number>('SELECT created_at FROM intakes WHERE id = ?').pluck(true);
  const forget = into.prepare('DELETE FROM inbound_intakes WHERE intake_id = ?');
  for (const id of into.prepare<[], number>('SELECT intake_id FROM inbound_intakes').pluck(true).all()) {
    if (same.get(id, createdAt.get(id) ?? -1) === undefined) {
      forget.run(id);
    }
  }
}
