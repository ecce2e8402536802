import { existsSync } from 'node:fs';
import { carrySync } from './carry-sync.ts';
import { carryUsage } from './carry-usage.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { openReadable } from '../open.ts';
import { repairQueue } from '../repositories/asking/repair.ts';

type Row = Readonly<Record<string, number | string | Uint8Array | null>>;

/**
 * Takes the record of requests, what they cost, what threat sync sent and the record of use from the database in `former`
 * into one that takes its place: calls made since a backup do not come back with it, nor does what lies in Threat Response,
 * and what was counted stays counted. Nothing is taken from a database that cannot be read; then the record is
 * what the backup holds.
 */
export function carryRecord(former: string, into: WritableDb): void {
  if (!existsSync(former)) {
    return;
  }
  let from: ReadableDb;
  try {
    from = openReadable(former);
  } catch {
    // A damaged database is often why a backup is restored: that must not fail for its sake.
    return;
  }
  try {
    asFarAsReadable(into, () => {
      carryRequests(from, into);
      carrySpend(from, into);
      // What was on its way when the backup was made was heard since.
      repairQueue(into);
    });
    asFarAsReadable(into, () => carrySync(from, into));
    asFarAsReadable(into, () => carryUsage(from, into));
  } finally {
    from.close();
  }
}

function asFarAsReadable(into: WritableDb, carry: () => void): void {
  try {
    into.transaction(carry)();
  } catch (error) {
    if (!isUnreadable(error)) {
      throw error;
    }
  }
}

function carryRequests(from: ReadableDb, into: WritableDb): void {
  const columns = into.prepare<[], string>("SELECT name FROM pragma_table_info('requests')").pluck(true).all();
  const values = columns.map((column) => `@${column}`).join(', ');
  const own = into.prepare<[number, number, number]>(
    'SELECT 1 FROM requests WHERE id = ? AND (source, reserved_at) = (?, ?)',
  );
  const taken = into.prepare<[number]>('SELECT 1 FROM requests WHERE id = ?');
  const put = into.prepare(`INSERT OR REPLACE INTO requests (${columns.join(', ')}) VALUES (${values})`);
  for (const row of from.prepare('SELECT * FROM requests ORDER BY id').iterate() as Iterable<Row>) {
    const id = Number(row['id']);
    const isSame = own.get(id, Number(row['source']), Number(row['reserved_at'])) !== undefined;
    // Another directory's request of this number stays; this one gets a number of its own.
    put.run({ ...row, id: isSame || taken.get(id) === undefined ? id : null });
  }
}

function carrySpend(from: ReadableDb, into: WritableDb): void {
  const put = into.prepare(
    `INSERT INTO spend (source, window, start, spent) VALUES (@source, @window, @start, @spent)
     ON CONFLICT DO UPDATE SET spent = max(spent, excluded.spent)`,
  );
  for (const row of from.prepare('SELECT source, window, start, spent FROM spend').all() as Row[]) {
    put.run(row);
  }
}

function isUnreadable(error: unknown): boolean {
  const code = String((error as { code?: unknown }).code);
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_IOERR');
}
