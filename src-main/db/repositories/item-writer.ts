import type { DigestSet } from '#shared/domain/hash.ts';
import { NO_ANSWER_CODE, NOT_ASKED } from '../codes.ts';
import type { WritableDb } from '../handles.ts';
import { insertMany } from '../many-rows.ts';
import { prepared } from '../prepared.ts';
import { itemCounter, unaskedCounter, type CounterDeltas } from './counters.ts';
import { isAnswer, isSameState, type ItemState } from './life/item-state.ts';
import type { LifeRecorder } from './life/recorder.ts';

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
  /** The source tells more when it is asked otherwise: a name it left out here stays while the status is the same. */
  readonly isPartial?: true;
}

interface StoredItem extends ItemState {
  readonly rawCode: string | null;
  readonly firstSeen: number | null;
  readonly scannedAt: number | null;
  readonly notBefore: number | null;
  readonly since: number;
}

/** An answer on its way into a row. `isNow`: a source just gave it; then `notBefore` is written with it. */
interface Heard {
  readonly item: ItemRecord;
  readonly isNow: boolean;
  readonly notBefore: number | null;
}

/** The same with the id of its threat's name. */
interface Incoming extends Heard, ItemState {}

export type ItemOutcome = 'imported' | 'updated' | 'unchanged';

/**
 * Writes `items` for one transaction. Items of files that are new in it are collected; `flush` writes them. That a source
 * could not be asked never replaces what it said, and always gives way to it. An item that was made when its hash was
 * queued gives way to anything. An answer that differs from the one before leaves a row of history.
 */
export interface ItemWriter {
  /** Items that were not there before. */
  readonly made: number;
  /** `isNewFile`: this transaction made the file and nothing was merged into it since. */
  put(fileId: number, isNewFile: boolean, item: ItemRecord): ItemOutcome;
  /**
   * The same for an answer heard just now: it replaces the stored one even if that seems to be younger, because then the
   * clock was set meanwhile. `notBefore` is until when it is not asked for again by itself, seconds since the epoch, or
   * null; it is kept also where a source that could not be asked leaves its answer as it was.
   */
  putHeard(fileId: number, isNewFile: boolean, item: ItemRecord, notBefore: number | null): ItemOutcome;
  flush(): void;
}

/** `at` is when the items are written, seconds since the epoch. */
export function createItemWriter(db: WritableDb, at: number, counts: CounterDeltas, life: LifeRecorder): ItemWriter {
  const rows = insertMany(
    db,
    `items (file_id, source, status, no_answer, score, threat_id, raw_code, first_seen, scanned_at, created_at,
       next_scan_at)`,
    11,
  );
  const threatId = threatIds(db);
  /** Sources that answered for files this transaction made, a bit each: those rows need no look-up. */
  const answered = new Map<number, number>();
  let made = 0;

  function insert(fileId: number, { item, status, noAnswer, score, threatId: threat, notBefore }: Incoming): void {
    made += 1;
    counts.add(itemCounter(item.source, status), 1);
    rows.add(
      fileId,
      item.source,
      status,
      noAnswer,
      score,
      threat,
      item.rawCode,
      item.firstSeen,
      item.scannedAt,
      at,
      notBefore,
    );
  }

  function update(fileId: number, incoming: Incoming, stored: StoredItem): void {
    const { source } = incoming.item;
    const isSame = isSameState(incoming, stored) || completes(incoming, stored);
    counts.add(itemCounter(source, stored.status), -1);
    counts.add(itemCounter(source, incoming.status), 1);
    if (stored.noAnswer === NOT_ASKED) {
      counts.add(unaskedCounter(source), -1);
    } else if (!isSame && isAnswer(stored.noAnswer) && isAnswer(incoming.noAnswer)) {
      life.changed({ fileId, source, from: stored.since, at, before: stored, after: incoming });
    }
    writeOver(db, fileId, incoming, isSame ? null : at);
    if (!isSame) {
      life.look(fileId);
    }
  }

  function put(fileId: number, isNewFile: boolean, heard: Heard): ItemOutcome {
    const { source } = heard.item;
    const bit = 1 << source;
    const sources = answered.get(fileId) ?? 0;
    if (isNewFile && (sources & bit) === 0) {
      answered.set(fileId, sources | bit);
      insert(fileId, named(heard));
      if (sources !== 0) {
        life.look(fileId);
      }
      return 'imported';
    }
    // An item of this file may still be waiting among the collected ones.
    rows.flush();
    const stored = storedItem(db, fileId, source);
    if (stored === undefined) {
      insert(fileId, named(heard));
      life.look(fileId);
      return 'imported';
    }
    if (stored.noAnswer === NOT_ASKED) {
      update(fileId, named(heard), stored);
      return 'imported';
    }
    if (staysStored(heard, stored)) {
      if (heard.isNow && heard.notBefore !== null) {
        setNotBefore(db, fileId, source, heard.notBefore);
      }
      return 'unchanged';
    }
    const incoming = named(heard, stored);
    if (isSameItem(incoming, stored)) {
      if (heard.isNow && heard.notBefore !== stored.notBefore) {
        setNotBefore(db, fileId, source, heard.notBefore);
      }
      return 'unchanged';
    }
    update(fileId, incoming, stored);
    return 'updated';
  }

  function named(heard: Heard, stored?: StoredItem): Incoming {
    const { status, noAnswer, score, threat, isPartial } = heard.item;
    const keepsName = isPartial === true && threat === null && stored?.status === status;
    return { ...heard, status, noAnswer, score, threatId: keepsName ? stored.threatId : threatId(threat) };
  }

  return {
    get made() {
      return made;
    },
    flush: () => rows.flush(),
    put: (fileId, isNewFile, item) => put(fileId, isNewFile, { item, isNow: false, notBefore: null }),
    putHeard: (fileId, isNewFile, item, notBefore) => put(fileId, isNewFile, { item, isNow: true, notBefore }),
  };
}

/** Finds or makes the row of a threat's name; null for no name. */
function threatIds(db: WritableDb): (name: string | null) => number | null {
  const known = new Map<string, number>();
  return (name) => {
    if (name === null || name === '') {
      return null;
    }
    let id = known.get(name);
    if (id === undefined) {
      id =
        prepared<{ id: number }>(db, 'SELECT id FROM threat_names WHERE name = +?').get(name)?.id ??
        Number(prepared(db, 'INSERT INTO threat_names (name) VALUES (?)').run(name).lastInsertRowid);
      known.set(name, id);
    }
    return id;
  };
}

function storedItem(db: WritableDb, fileId: number, source: number): StoredItem | undefined {
  return prepared<StoredItem>(
    db,
    `SELECT status, no_answer AS noAnswer, score, threat_id AS threatId, raw_code AS rawCode, first_seen AS firstSeen,
       scanned_at AS scannedAt, next_scan_at AS notBefore, coalesce(since, created_at) AS since
     FROM items WHERE file_id = +? AND source = +?`,
  ).get(fileId, source);
}

/** `since` is null when the item says what it said before. */
function writeOver(db: WritableDb, fileId: number, incoming: Incoming, since: number | null): void {
  const { item } = incoming;
  prepared(
    db,
    `UPDATE items SET status = ?, no_answer = ?, score = ?, threat_id = ?, raw_code = ?,
       first_seen = coalesce(?, first_seen), scanned_at = ?, next_scan_at = CASE WHEN ? THEN ? ELSE next_scan_at END,
       since = coalesce(?, since)
     WHERE file_id = +? AND source = +?`,
  ).run(
    incoming.status,
    incoming.noAnswer,
    incoming.score,
    incoming.threatId,
    item.rawCode,
    item.firstSeen,
    item.scannedAt,
    incoming.isNow ? 1 : 0,
    incoming.notBefore,
    since,
    fileId,
    item.source,
  );
}

function setNotBefore(db: WritableDb, fileId: number, source: number, notBefore: number | null): void {
  prepared(db, 'UPDATE items SET next_scan_at = ? WHERE file_id = +? AND source = +?').run(notBefore, fileId, source);
}

/** True when the stored item stays. An answer without a time is older than any that has one. */
function staysStored({ item, isNow }: Heard, stored: StoredItem): boolean {
  const couldNotAsk = NO_ANSWER_CODE['could-not-ask'];
  if ((item.noAnswer === couldNotAsk) !== (stored.noAnswer === couldNotAsk)) {
    return item.noAnswer === couldNotAsk;
  }
  return !isNow && (item.scannedAt ?? -1) < (stored.scannedAt ?? -1);
}

/** True when a source only adds what its batch left out: the name, along with First Seen. That is one answer, no change. */
function completes(incoming: Incoming, stored: StoredItem): boolean {
  return (
    incoming.isNow &&
    stored.threatId === null &&
    stored.firstSeen === null &&
    incoming.item.firstSeen !== null &&
    isSameState({ ...incoming, threatId: null }, stored)
  );
}

function isSameItem(incoming: Incoming, stored: StoredItem): boolean {
  const { item } = incoming;
  return (
    isSameState(incoming, stored) &&
    item.rawCode === stored.rawCode &&
    (item.firstSeen === null || item.firstSeen === stored.firstSeen) &&
    item.scannedAt === stored.scannedAt
  );
}
