import type { ListQuery } from '#shared/contract/hash-list.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import type { ReadableDb } from '../handles.ts';

/** A hash-list entry as stored, digests in lower-case hex. Times are seconds since the epoch. */
export interface ListRow {
  readonly id: number;
  readonly side: ListSide;
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sha256: string | null;
  readonly note: string;
  readonly reason: string;
  readonly addedBy: string;
  readonly addedAt: number;
  readonly expiresAt: number | null;
}

/** One entry of one change. The audit keeps both sides as JSON of ListRow without `id`, absent digests left out. */
export interface AuditRow {
  readonly changeId: number;
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly entryId: number;
  readonly before: string | null;
  readonly after: string | null;
}

export interface ListCounts {
  readonly all: number;
  readonly malicious: number;
  readonly 'non-malicious': number;
  readonly expiring: number;
  readonly digests: number;
}

/** Entries that expire within this many seconds count as expiring; so do expired ones. */
const EXPIRING_SECONDS = 30 * 86_400;

/** Pages up to here are cut by SQL; beyond, and in searches, the order is kept between pages. */
const DIRECT_OFFSET = 1000;
const KEPT_ORDERS = 4;

const COLUMNS = `e.id, CASE e.side WHEN 4 THEN 'malicious' ELSE 'non-malicious' END AS side,
  lower(hex(e.md5)) AS md5, lower(hex(e.sha1)) AS sha1, lower(hex(e.sha256)) AS sha256,
  e.note, e.reason, e.added_by AS addedBy, e.added_at AS addedAt, e.expires_at AS expiresAt`;

const ORDER: Readonly<Record<ListQuery['sort'], readonly string[]>> = {
  addedAt: ['added_at'],
  side: ['side'],
  hash: ['coalesce(sha256, sha1, md5)'],
  note: ['note COLLATE NOCASE'],
  addedBy: ['added_by COLLATE NOCASE'],
  // Entries without an expiry come last, whichever way.
  expiresAt: ['expires_at'],
};

/** The key of a digest in `hash_list_keys`: its first 6 bytes as an integer. */
export function listKey(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16);
}

export const hashListReads = {
  /** Number of the last change: a plan made at one revision holds only while it stays. */
  hashListRevision: (db: ReadableDb, _args: Record<string, never>): number => revisionOf(db),

  hashListPage: (
    db: ReadableDb,
    args: { query: ListQuery; offset: number; limit: number; now: number },
  ): { total: number; rows: ListRow[]; counts: ListCounts } => {
    const counts = countsOf(db, args.now);
    const filter = filterOf(args.query, args.now);
    if (args.query.text.trim() !== '' || args.offset > DIRECT_OFFSET) {
      const ids = orderedIds(db, args.query, filter);
      return { total: ids.length, rows: rowsInOrder(db, ids.slice(args.offset, args.offset + args.limit)), counts };
    }
    const page = db
      .prepare(`SELECT id FROM hash_list e ${filter.where} ORDER BY ${orderOf(args.query)} LIMIT ? OFFSET ?`)
      .pluck()
      .all(...filter.values, args.limit, args.offset) as number[];
    const total = numberOf(db, `SELECT count(*) AS n FROM hash_list e ${filter.where}`, filter.values);
    return { total, rows: rowsInOrder(db, page), counts };
  },

  /** Entries that may hold one of the digests: the caller confirms against the full digest. */
  hashListHolding: (db: ReadableDb, args: { hashes: readonly string[] }): ListRow[] => {
    const keys = JSON.stringify(args.hashes.map(listKey));
    const sql = `SELECT ${COLUMNS} FROM (
        SELECT DISTINCT k.entry_id FROM json_each(?) j JOIN hash_list_keys k ON k.key = j.value
      ) found JOIN hash_list e ON e.id = found.entry_id ORDER BY e.id`;
    return (db.prepare(sql).all(keys) as ListRow[]).map(clean);
  },

  hashListByIds: (db: ReadableDb, args: { ids: readonly number[] }): ListRow[] => {
    const sql = `SELECT ${COLUMNS} FROM json_each(?) j CROSS JOIN hash_list e ON e.id = j.value ORDER BY e.id`;
    return (db.prepare(sql).all(JSON.stringify(args.ids)) as ListRow[]).map(clean);
  },

  /** The list in id order, a batch at a time. */
  hashListAfter: (db: ReadableDb, args: { id: number; limit: number }): ListRow[] => {
    const sql = `SELECT ${COLUMNS} FROM hash_list e WHERE e.id > ? ORDER BY e.id LIMIT ?`;
    return (db.prepare(sql).all(args.id, args.limit) as ListRow[]).map(clean);
  },

  /** A change, who undid it, and the newest later change that touched one of its entries. */
  hashListChange: (
    db: ReadableDb,
    args: { changeId: number },
  ): { action: string; undoneBy: number | null; touchedBy: number | null; entries: number } | null => {
    const change = db
      .prepare('SELECT action, undone_by AS undoneBy FROM hash_list_changes WHERE id = ?')
      .get(args.changeId) as { action: string; undoneBy: number | null } | undefined;
    if (change === undefined) {
      return null;
    }
    const touched = db
      .prepare(
        `SELECT max(later.change_id) AS id FROM hash_list_audit own
         JOIN hash_list_audit later ON later.entry_id = own.entry_id AND later.change_id > own.change_id
         WHERE own.change_id = ?`,
      )
      .get(args.changeId) as { id: number | null };
    const entries = numberOf(db, 'SELECT count(*) AS n FROM hash_list_audit WHERE change_id = ?', [args.changeId]);
    return { ...change, touchedBy: touched.id, entries };
  },

  /** What one change did, in entry order, a batch at a time. */
  hashListChangeEntries: (
    db: ReadableDb,
    args: { changeId: number; afterEntry: number; limit: number },
  ): { entryId: number; before: string | null; after: string | null }[] =>
    db
      .prepare(
        `SELECT entry_id AS entryId, before, after FROM hash_list_audit
         WHERE change_id = ? AND entry_id > ? ORDER BY entry_id LIMIT ?`,
      )
      .all(args.changeId, args.afterEntry, args.limit) as {
      entryId: number;
      before: string | null;
      after: string | null;
    }[],

  hashListAudit: (
    db: ReadableDb,
    args: { entryId: number | null; offset: number; limit: number },
  ): { total: number; rows: AuditRow[] } => {
    const where = args.entryId === null ? '' : 'WHERE a.entry_id = ?';
    const values = args.entryId === null ? [] : [args.entryId];
    const rows = db
      .prepare(
        `SELECT a.change_id AS changeId, c.at, c.by, c.action, a.entry_id AS entryId, a.before, a.after
         FROM hash_list_audit a JOIN hash_list_changes c ON c.id = a.change_id ${where}
         ORDER BY a.change_id DESC, a.entry_id DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, args.limit, args.offset) as AuditRow[];
    return { total: numberOf(db, `SELECT count(*) AS n FROM hash_list_audit a ${where}`, values), rows };
  },
} as const;

/** The newest change of the list; 0 when nothing was ever changed. */
export function revisionOf(db: ReadableDb): number {
  return numberOf(db, 'SELECT coalesce(max(id), 0) AS n FROM hash_list_changes', []);
}

function numberOf(db: ReadableDb, sql: string, values: readonly unknown[]): number {
  return (db.prepare(sql).get(...values) as { n: number }).n;
}

function orderOf(query: ListQuery): string {
  const direction = query.descending ? 'DESC' : 'ASC';
  const keys = ORDER[query.sort].map((key) => `${key} ${direction} NULLS LAST`);
  return [...keys, `id ${direction}`].join(', ');
}

function filterOf(query: ListQuery, now: number): { where: string; values: unknown[] } {
  const terms: string[] = [];
  const values: unknown[] = [];
  if (query.side !== null) {
    terms.push('e.side = ?');
    values.push(query.side === 'malicious' ? 4 : 2);
  }
  if (query.expiring) {
    terms.push('e.expires_at <= ?');
    values.push(expiringBefore(now));
  }
  const text = query.text.trim();
  if (text !== '') {
    const found = textFilter(text);
    terms.push(found.where);
    values.push(...found.values);
  }
  return { where: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, values };
}

/** In whole hours, so that a page finds the order the one before it kept. */
function expiringBefore(now: number): number {
  return Math.ceil((now + EXPIRING_SECONDS) / 3600) * 3600;
}

interface KeptOrder {
  readonly key: string;
  readonly ids: readonly number[];
}

/** The last orders asked for: paging through a search or deep into the list would sort or scan it again each time. */
const keptOrders = new WeakMap<ReadableDb, KeptOrder[]>();

function orderedIds(db: ReadableDb, query: ListQuery, filter: { where: string; values: unknown[] }): readonly number[] {
  const key = JSON.stringify([revisionOf(db), query.sort, query.descending, filter]);
  const orders = keptOrders.get(db) ?? [];
  const kept = orders.find((order) => order.key === key);
  const order = kept ?? {
    key,
    ids: db
      .prepare(`SELECT id FROM hash_list e ${filter.where} ORDER BY ${orderOf(query)}`)
      .pluck()
      .all(...filter.values) as number[],
  };
  keptOrders.set(db, [order, ...orders.filter((other) => other !== order)].slice(0, KEPT_ORDERS));
  return order.ids;
}

function rowsInOrder(db: ReadableDb, ids: readonly number[]): ListRow[] {
  const rows = new Map(hashListReads.hashListByIds(db, { ids }).map((row) => [row.id, row]));
  return ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
}

function textFilter(text: string): { where: string; values: unknown[] } {
  const like = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const words = String.raw`e.note LIKE ? ESCAPE '\' OR e.reason LIKE ? ESCAPE '\' OR e.added_by LIKE ? ESCAPE '\'`;
  if (!/^[0-9a-fA-F]{1,64}$/.test(text)) {
    return { where: `(${words})`, values: [like, like, like] };
  }
  if (text.length === 32 || text.length === 40 || text.length === 64) {
    // A whole digest is found by its key; the blob comparison confirms it.
    const digest =
      'e.id IN (SELECT entry_id FROM hash_list_keys WHERE key = +?) AND unhex(?) IN (e.sha256, e.sha1, e.md5)';
    return { where: `(${words} OR (${digest}))`, values: [like, like, like, listKey(text), text] };
  }
  const digits = "instr(concat_ws('-', hex(e.sha256), hex(e.sha1), hex(e.md5)), ?)";
  return { where: `(${words} OR ${digits})`, values: [like, like, like, text.toUpperCase()] };
}

/** Counts of the whole list, kept per handle until the list changes: they need a pass over it. */
const keptCounts = new WeakMap<ReadableDb, { revision: number; counts: Omit<ListCounts, 'expiring'> }>();

function countsOf(db: ReadableDb, now: number): ListCounts {
  const revision = revisionOf(db);
  let kept = keptCounts.get(db);
  if (kept?.revision !== revision) {
    const counts = db
      .prepare(
        `SELECT count(*) AS "all", coalesce(sum(side = 4), 0) AS malicious, coalesce(sum(side = 2), 0) AS "non-malicious",
           count(md5) + count(sha1) + count(sha256) AS digests FROM hash_list`,
      )
      .get() as Omit<ListCounts, 'expiring'>;
    kept = { revision, counts };
    keptCounts.set(db, kept);
  }
  const expiring = numberOf(db, 'SELECT count(*) AS n FROM hash_list WHERE expires_at <= ?', [expiringBefore(now)]);
  return { ...kept.counts, expiring };
}

/** `hex(NULL)` is an empty text. */
function clean(row: ListRow): ListRow {
  return { ...row, md5: row.md5 || null, sha1: row.sha1 || null, sha256: row.sha256 || null };
}
