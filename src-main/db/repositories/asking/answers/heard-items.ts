import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { NO_ANSWER_CODE } from '../../../codes.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { pruneOldChanges } from '../../changes.ts';
import { gatherCounts } from '../../counters.ts';
import { createFileWriter } from '../../file-writer.ts';
import { createItemWriter } from '../../item-writer.ts';
import { recordLife } from '../../life/recorder.ts';
import type { SettledItem } from '../../queue-types.ts';
import { allSettings } from '../../settings.ts';

/** Small buffers: a report is a few hundred bytes, and getting the usual ones ready takes longer than the work. */
const DEFLATE = { level: 6, windowBits: 12, memLevel: 4, chunkSize: 2048 } as const;

/** Writes what a source just said, for one transaction. */
export interface HeardItems {
  put(item: SettledItem): void;
  /** Writes what was collected; call it before the transaction ends. */
  finish(): void;
}

/** `at` is now, milliseconds since the epoch. Digests of one item are one file by the word of its source. */
export function createHeardItems(db: WritableDb, at: number): HeardItems {
  const keepsAll = allSettings(db).keepReports === 'all';
  const counts = gatherCounts();
  const life = recordLife(db, Math.floor(at / 1000));
  const files = createFileWriter(db, 'source', counts, life);
  const items = createItemWriter(db, Math.floor(at / 1000), counts, life);
  return {
    put(item) {
      const place = files.place(item.digests, () => items.flush());
      // The fuller report of an answer that still holds is worth more than a new one that tells less.
      const isFuller = item.isPartial === true && statusOf(db, place.id, item.source) === item.status;
      const outcome = items.putHeard(place.id, place.isNew, item, item.notBefore);
      if (item.noAnswer !== NO_ANSWER_CODE['could-not-ask']) {
        const isBad = item.status === STATUS_CODE.malicious || item.status === STATUS_CODE.suspicious;
        keepReport(db, place, item.source, at, keepsAll || isBad ? item.report : null, isFuller);
      }
      if (outcome !== 'unchanged') {
        files.changed('item', place.id);
      }
    },
    finish() {
      files.flush();
      items.flush();
      life.save();
      counts.save(db);
      pruneOldChanges(db);
    },
  };
}

/** The report kept beside an item, as JSON text, or null. */
export function reportOf(
  db: ReadableDb,
  args: { readonly fileId: number; readonly source: number },
): { readonly at: number; readonly report: string } | null {
  const row = prepared<{ at: number; report: Uint8Array }>(
    db,
    'SELECT at, report FROM reports WHERE file_id = +? AND source = +?',
  ).get(args.fileId, args.source);
  return row === undefined ? null : { at: row.at, report: inflateRawSync(row.report).toString('utf8') };
}

function statusOf(db: ReadableDb, fileId: number, source: number): number | undefined {
  const sql = 'SELECT status FROM items WHERE file_id = +? AND source = +?';
  return prepared<number>(db, sql).pluck(true).get(fileId, source);
}

/** Replaces the report of an item; an answer that comes without one leaves none of an earlier answer, unless that one `staysIfAny`. */
function keepReport(
  db: WritableDb,
  file: { readonly id: number; readonly isNew: boolean },
  source: number,
  at: number,
  report: string | null,
  staysIfAny: boolean,
): void {
  if (report !== null) {
    prepared(
      db,
      `INSERT INTO reports (file_id, source, at, report) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET at = excluded.at, report = excluded.report WHERE NOT ?`,
    ).run(file.id, source, at, deflateRawSync(report, DEFLATE), staysIfAny ? 1 : 0);
  } else if (!file.isNew && !staysIfAny) {
    prepared(db, 'DELETE FROM reports WHERE file_id = +? AND source = +?').run(file.id, source);
  }
}
