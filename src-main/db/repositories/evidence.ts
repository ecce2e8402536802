import type { DigestKind } from '#shared/domain/hash.ts';
import { NOT_ASKED } from '../codes.ts';
import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';

/** One candidate file: id, MD5, SHA-1, SHA-256, links (see files.links). Raw rows, because millions are read. */
export type FileRow = readonly [
  id: number,
  md5: Uint8Array | null,
  sha1: Uint8Array | null,
  sha256: Uint8Array | null,
  links: number,
];

/** One item as judging needs it: file id, source, status, why there is no answer, score, time of the answer. */
export type ItemRow = readonly [
  fileId: number,
  source: number,
  status: number,
  noAnswer: number | null,
  score: number | null,
  scannedAt: number | null,
];

/** One entry of the list: id, side, MD5, SHA-1, SHA-256, added at. */
export type EntryRow = readonly [
  id: number,
  side: number,
  md5: Uint8Array | null,
  sha1: Uint8Array | null,
  sha256: Uint8Array | null,
  addedAt: number,
];

export interface ItemDetailRow {
  readonly fileId: number;
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly rawCode: string | null;
  readonly firstSeen: number | null;
  readonly scannedAt: number | null;
  /** Not asked for again before this; null for no such time. */
  readonly notBefore: number | null;
  readonly createdAt: number;
  /** When its present status, score and name were first heard; null: since it was made. */
  readonly since: number | null;
}

export interface EntryDetailRow {
  readonly id: number;
  readonly note: string;
  readonly reason: string;
  readonly addedBy: string;
  readonly expiresAt: number | null;
}

export interface ReadySetRow {
  readonly id: number;
  readonly name: string;
  readonly edition: string;
  readonly mark: number;
  readonly datedAt: number | null;
  readonly path: string;
  /** The sync job that makes it; null for an imported set. */
  readonly syncJob: number | null;
}

// Whole statements as constants: a text put together per call would be hashed per call.
const FILE = 'f.id, f.md5, f.sha1, f.sha256, f.links';
const ITEM = 'file_id, source, status, no_answer, score, scanned_at';
const ENTRY = 'e.id, e.side, e.md5, e.sha1, e.sha256, e.added_at';
const FILES_BY_KEY = `SELECT ${FILE} FROM digest_keys k JOIN files f ON f.id = k.file_id WHERE k.key = +? ORDER BY f.id`;
const FILES_BY_KEYS = `SELECT ${FILE} FROM json_each(?) j CROSS JOIN digest_keys k ON k.key = j.value
  CROSS JOIN files f ON f.id = k.file_id`;
const FILES_BY_IDS = `SELECT ${FILE} FROM json_each(?) j CROSS JOIN files f ON f.id = j.value`;
// An item that was made and not answered yet says nothing: here are answers alone.
const ANSWERED = `no_answer IS NOT ${NOT_ASKED}`;
const ITEMS_OF_FILES = `SELECT ${ITEM} FROM json_each(?) j CROSS JOIN items ON file_id = j.value AND ${ANSWERED}`;
const ITEMS_OF_FILE = `SELECT ${ITEM} FROM items WHERE file_id = +? AND ${ANSWERED}`;
const ITEMS_BETWEEN = `SELECT ${ITEM} FROM items WHERE file_id > ? AND file_id <= ? AND ${ANSWERED} ORDER BY file_id, source`;
const ENTRY_BY_ID = `SELECT ${ENTRY} FROM hash_list e WHERE e.id = +?`;
const ENTRIES_BY_KEY = `SELECT ${ENTRY} FROM hash_list_keys k JOIN hash_list e ON e.id = k.entry_id
  WHERE k.key = +? AND (e.expires_at IS NULL OR e.expires_at > ?) ORDER BY e.id`;

/** Files that may hold a digest, by its key: the caller confirms against the full digest. */
export function filesByKey(db: ReadableDb, key: number): readonly FileRow[] {
  return raw<FileRow>(db, FILES_BY_KEY).all(key);
}

/**
 * Files that may hold a digest of one of these keys, in batches of some hundred: one call costs as much as a few single
 * ones. A file with two of the keys comes twice. The caller confirms against the full digest.
 */
export function filesByKeys(db: ReadableDb, keys: readonly number[]): readonly FileRow[] {
  return raw<FileRow>(db, FILES_BY_KEYS).all(JSON.stringify(keys));
}

/** Files by id, in batches; ids of files that are gone are left out. */
export function filesByIds(db: ReadableDb, ids: readonly number[]): readonly FileRow[] {
  return raw<FileRow>(db, FILES_BY_IDS).all(JSON.stringify(ids));
}

/** Items of several files, in batches, grouped by file in the order asked. */
export function itemsOfFiles(db: ReadableDb, fileIds: readonly number[]): readonly ItemRow[] {
  return raw<ItemRow>(db, ITEMS_OF_FILES).all(JSON.stringify(fileIds));
}

export function itemsOfFile(db: ReadableDb, fileId: number): readonly ItemRow[] {
  return raw<ItemRow>(db, ITEMS_OF_FILE).all(fileId);
}

const ITEM_DETAILS = `i.file_id AS fileId, i.source, i.status, i.no_answer AS noAnswer, i.score, t.name AS threat,
       i.raw_code AS rawCode, i.first_seen AS firstSeen, i.scanned_at AS scannedAt, i.next_scan_at AS notBefore, i.created_at AS createdAt,
       i.since AS since`;
const DETAILS_OF_FILE = `SELECT ${ITEM_DETAILS} FROM items i LEFT JOIN threat_names t ON t.id = i.threat_id
  WHERE i.file_id = +? AND ${ANSWERED} ORDER BY i.source`;
const DETAILS_OF_FILES = `SELECT ${ITEM_DETAILS} FROM json_each(?) j CROSS JOIN items i ON i.file_id = j.value AND ${ANSWERED}
  LEFT JOIN threat_names t ON t.id = i.threat_id`;

export function itemDetailsOfFile(db: ReadableDb, fileId: number): readonly ItemDetailRow[] {
  return prepared<ItemDetailRow>(db, DETAILS_OF_FILE).all(fileId);
}

/** The same of several files, in batches of some hundred, grouped by file in the order asked. */
export function itemDetailsOfFiles(db: ReadableDb, fileIds: readonly number[]): readonly ItemDetailRow[] {
  return prepared<ItemDetailRow>(db, DETAILS_OF_FILES).all(JSON.stringify(fileIds));
}

/** Entries in force at `now` that may hold a digest, by its key: the caller confirms against the full digest. */
export function entriesByKey(db: ReadableDb, key: number, now: number): readonly EntryRow[] {
  return raw<EntryRow>(db, ENTRIES_BY_KEY).all(key, now);
}

/** One entry, in force or not, or undefined when it is gone. */
export function entryById(db: ReadableDb, id: number): EntryRow | undefined {
  return raw<EntryRow>(db, ENTRY_BY_ID).get(id);
}

export function entryDetail(db: ReadableDb, id: number): EntryDetailRow | undefined {
  return prepared<EntryDetailRow>(
    db,
    `SELECT id, note, reason, added_by AS addedBy, expires_at AS expiresAt FROM hash_list WHERE id = +?`,
  ).get(id);
}

/** Entries that expired after `since`, at the latest `now`, the latest first. Seconds since the epoch. */
export function expiredEntries(
  db: ReadableDb,
  args: { readonly since: number; readonly now: number; readonly limit: number },
): readonly number[] {
  const sql = 'SELECT id FROM hash_list WHERE expires_at > ? AND expires_at <= ? ORDER BY expires_at DESC LIMIT ?';
  return plucked(db, sql).all(args.since, args.now, args.limit);
}

/** Every state an entry was in, as the audit's JSON. */
export function auditedStates(db: ReadableDb, entryId: number): readonly string[] {
  const rows = raw<[string | null, string | null]>(
    db,
    'SELECT before, after FROM hash_list_audit WHERE entry_id = +?',
  ).all(entryId);
  return rows.flat().filter((text) => text !== null);
}

/** Keys of all digests on the list after a key, ascending, each once. */
export function listKeysAfter(db: ReadableDb, key: number, limit: number): readonly number[] {
  return plucked(db, 'SELECT DISTINCT key FROM hash_list_keys WHERE key > ? ORDER BY key LIMIT ?').all(key, limit);
}

/** Which of these keys a digest on the list has, in force or not, in batches of some hundred. */
export function listKeysAmong(db: ReadableDb, keys: readonly number[]): readonly number[] {
  const sql = 'SELECT DISTINCT k.key FROM json_each(?) j CROSS JOIN hash_list_keys k ON k.key = j.value';
  return plucked(db, sql).all(JSON.stringify(keys));
}

/** Which of these keys a digest of a known file has, in batches of some hundred. */
export function fileKeysAmong(db: ReadableDb, keys: readonly number[]): readonly number[] {
  const sql = 'SELECT DISTINCT k.key FROM json_each(?) j CROSS JOIN digest_keys k ON k.key = j.value';
  return plucked(db, sql).all(JSON.stringify(keys));
}

/** Ids of files that hold a digest with one of the list's keys above `key` and up to `upTo`. */
export function filesOnListBetween(db: ReadableDb, key: number, upTo: number): readonly number[] {
  const sql = `SELECT DISTINCT d.file_id FROM hash_list_keys k CROSS JOIN digest_keys d ON d.key = k.key
    WHERE k.key > ? AND k.key <= ?`;
  return plucked(db, sql).all(key, upTo);
}

export function readySets(db: ReadableDb): readonly ReadySetRow[] {
  return prepared<ReadySetRow>(
    db,
    `SELECT id, name, edition, mark, dated_at AS datedAt, path, sync_job AS syncJob FROM known_sets
     WHERE state = 'ready' ORDER BY id`,
  ).all();
}

/** Ids that changed after `since`, each once, of these kinds of change. */
export function changedIds(
  db: ReadableDb,
  args: { readonly since: number; readonly kinds: readonly number[]; readonly limit: number },
): readonly number[] {
  const kinds = args.kinds.map(() => '?').join(', ');
  const sql = `SELECT DISTINCT id FROM changes WHERE seq > ? AND kind IN (${kinds}) LIMIT ?`;
  return plucked(db, sql).all(args.since, ...args.kinds, args.limit);
}

/** Kind and id of one change as text, or null when it is no longer kept. */
export function changeText(db: ReadableDb, seq: number): string | null {
  const sql = "SELECT kind || ' ' || id FROM changes WHERE seq = ?";
  return prepared<string>(db, sql).pluck(true).get(seq) ?? null;
}

/** Files with ids from `from` (exclusive) to `to`: id and one digest, where there is one within the given bounds. */
export function digestsBetween(
  db: ReadableDb,
  kind: DigestKind,
  ids: { readonly from: number; readonly to: number },
  bounds: { readonly from: Uint8Array; readonly below: Uint8Array | null },
): readonly (readonly [id: number, digest: Uint8Array])[] {
  const upper = bounds.below === null ? '' : `AND ${kind} < ?`;
  const sql = `SELECT id, ${kind} FROM files WHERE id > ? AND id <= ? AND ${kind} >= ? ${upper} ORDER BY id`;
  const values = bounds.below === null ? [bounds.from] : [bounds.from, bounds.below];
  return raw<readonly [number, Uint8Array]>(db, sql).all(ids.from, ids.to, ...values);
}

/** Files with ids from `from` (exclusive) to `to`: id and which digests they have, as DIGEST_BIT values. */
export function kindsBetween(
  db: ReadableDb,
  from: number,
  to: number,
): readonly (readonly [id: number, kinds: number])[] {
  const sql = `SELECT id, (md5 IS NOT NULL) + 2 * (sha1 IS NOT NULL) + 4 * (sha256 IS NOT NULL)
    FROM files WHERE id > ? AND id <= ? ORDER BY id`;
  return raw<readonly [number, number]>(db, sql).all(from, to);
}

/** Items of files with ids from `from` (exclusive) to `to`, by file. */
export function itemsBetween(db: ReadableDb, from: number, to: number): readonly ItemRow[] {
  return raw<ItemRow>(db, ITEMS_BETWEEN).all(from, to);
}

/** Number of rows of the largest kind, cheaply: the highest file id, 0 when there is none. */
export function highestFileId(db: ReadableDb): number {
  return plucked(db, 'SELECT coalesce(max(id), 0) FROM files').get() ?? 0;
}

function raw<Row>(db: ReadableDb, sql: string) {
  return prepared<Row>(db, sql).raw(true);
}

function plucked(db: ReadableDb, sql: string) {
  return prepared<number>(db, sql).pluck(true);
}

export const evidenceReads = {
  /** Files by number; those that are gone are left out. */
  filesOf: (db: ReadableDb, args: { readonly fileIds: readonly number[] }): readonly FileRow[] =>
    filesByIds(db, args.fileIds),
  /** What every source says about these files. */
  itemsSaid: (db: ReadableDb, args: { readonly fileIds: readonly number[] }): readonly ItemDetailRow[] =>
    args.fileIds.flatMap((fileId) => itemDetailsOfFile(db, fileId)),
} as const;
export const evidenceWrites = {} as const;
