import type { DigestSet } from '#shared/domain/hash.ts';
import { NO_ANSWER_CODE } from '../codes.ts';
import type { WritableDb } from '../handles.ts';
import { insertMany } from '../many-rows.ts';
import { prepared } from '../prepared.ts';
import { itemCounter, type CounterDeltas } from './counters.ts';

/** One source's answer as it is written, by stored codes. Times are seconds since the epoch. */
export interface ItemRecord {
  readonly digests: DigestSet;
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly rawCode: string | null;
  readonly firstSeen: number | null;
  readonly scannedAt: number | null;
}

interface StoredItem {
  readonly status: number;
  readonly no_answer: number | null;
  readonly score: number | null;
  readonly threat_id: number | null;
  readonly raw_code: string | null;
  readonly first_seen: number | null;
  readonly scanned_at: number | null;
}

export type ItemOutcome = 'imported' | 'updated' | 'unchanged';

/**
 * Writes `items` for one transaction. Items of files that are new in it are collected; `flush` writes them. That a source
 * could not be asked never replaces what it said, and always gives way to it.
 */
export interface ItemWriter {
  /** `isNewFile`: this transaction made the file and nothing was merged into it since. */
  put(fileId: number, isNewFile: boolean, item: ItemRecord): ItemOutcome;
  /**
   * The same for an answer heard just now: it replaces the stored one even if that seems to be younger, because then the
   * clock was set meanwhile. `notBefore` is when it is due again, seconds since the epoch, or null.
   */
  putHeard(fileId: number, isNewFile: boolean, item: ItemRecord, notBefore: number | null): ItemOutcome;
  flush(): void;
}

/** `at` is when the items are written, seconds since the epoch. */
export function createItemWriter(db: WritableDb, at: number, counts: CounterDeltas): ItemWriter {
  const rows = insertMany(
    db,
    `items (file_id, source, status, no_answer, score, threat_id, raw_code, first_seen, scanned_at, created_at,
       next_scan_at)`,
    11,
  );
  const threats = new Map<string, number>();
  /** Sources that answered for files this transaction made, a bit each: those rows need no look-up. */
  const answered = new Map<number, number>();

  function threatId(name: string | null): number | null {
    if (name === null || name === '') {
      return null;
    }
    let id = threats.get(name);
    if (id === undefined) {
      id =
        prepared<{ id: number }>(db, 'SELECT id FROM threat_names WHERE name = +?').get(name)?.id ??
        Number(prepared(db, 'INSERT INTO threat_names (name) VALUES (?)').run(name).lastInsertRowid);
      threats.set(name, id);
    }
    return id;
  }

  function insert(fileId: number, item: ItemRecord, notBefore: number | null): void {
    counts.add(itemCounter(item.source, item.status), 1);
    rows.add(
      fileId,
      item.source,
      item.status,
      item.noAnswer,
      item.score,
      threatId(item.threat),
      item.rawCode,
      item.firstSeen,
      item.scannedAt,
      at,
      notBefore,
    );
  }

  function update(fileId: number, item: ItemRecord, threat: number | null, stored: StoredItem): void {
    counts.add(itemCounter(item.source, stored.status), -1);
    counts.add(itemCounter(item.source, item.status), 1);
    prepared(
      db,
      `UPDATE items SET status = ?, no_answer = ?, score = ?, threat_id = ?, raw_code = ?,
         first_seen = coalesce(?, first_seen), scanned_at = ?
       WHERE file_id = +? AND source = +?`,
    ).run(
      item.status,
      item.noAnswer,
      item.score,
      threat,
      item.rawCode,
      item.firstSeen,
      item.scannedAt,
      fileId,
      item.source,
    );
  }

  function put(fileId: number, isNewFile: boolean, item: ItemRecord, heard: boolean, due: number | null): ItemOutcome {
    const bit = 1 << item.source;
    const sources = answered.get(fileId) ?? 0;
    if (isNewFile && (sources & bit) === 0) {
      answered.set(fileId, sources | bit);
      insert(fileId, item, due);
      return 'imported';
    }
    // An item of this file may still be waiting among the collected ones.
    rows.flush();
    const stored = prepared<StoredItem>(
      db,
      `SELECT status, no_answer, score, threat_id, raw_code, first_seen, scanned_at
       FROM items WHERE file_id = +? AND source = +?`,
    ).get(fileId, item.source);
    if (stored === undefined) {
      insert(fileId, item, due);
      return 'imported';
    }
    if (staysStored(item, stored, heard)) {
      return 'unchanged';
    }
    if (heard) {
      prepared(db, 'UPDATE items SET next_scan_at = ? WHERE file_id = +? AND source = +?').run(
        due,
        fileId,
        item.source,
      );
    }
    const threat = threatId(item.threat);
    if (isSame(item, threat, stored)) {
      return 'unchanged';
    }
    update(fileId, item, threat, stored);
    return 'updated';
  }

  return {
    flush: () => rows.flush(),
    put: (fileId, isNewFile, item) => put(fileId, isNewFile, item, false, null),
    putHeard: (fileId, isNewFile, item, notBefore) => put(fileId, isNewFile, item, true, notBefore),
  };
}

/** True when the stored item stays. An answer without a time is older than any that has one. */
function staysStored(item: ItemRecord, stored: StoredItem, heard: boolean): boolean {
  const couldNotAsk = NO_ANSWER_CODE['could-not-ask'];
  if ((item.noAnswer === couldNotAsk) !== (stored.no_answer === couldNotAsk)) {
    return item.noAnswer === couldNotAsk;
  }
  return !heard && (item.scannedAt ?? -1) < (stored.scanned_at ?? -1);
}

function isSame(item: ItemRecord, threat: number | null, stored: StoredItem): boolean {
  return (
    item.status === stored.status &&
    item.noAnswer === stored.no_answer &&
    item.score === stored.score &&
    threat === stored.threat_id &&
    item.rawCode === stored.raw_code &&
    (item.firstSeen === null || item.firstSeen === stored.first_seen) &&
    item.scannedAt === stored.scanned_at
  );
}
