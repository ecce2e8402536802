import type { Migration } from './index.ts';

/**
 * The root schema.
 *
 * `files` are what digests stand for. A digest may stand on several rows (MD5 collisions, contradicting sources):
 * then it is ambiguous. `links` packs, per digest kind, how it was tied to the row: bits 0-3 md5, 4-7 sha1,
 * 8-11 sha256; 0 = the anchor or absent, 1 = computed, 2 = source. Team links live in hash_list rows and asserted links
 * in intakes only, so that removing either removes what it tied.
 *
 * `digest_keys.key` is the first 6 bytes of a digest as an integer: small, exact in a JavaScript number, confirmed
 * against the full digest in `files`. The same holds for `hash_list_keys`.
 *
 * `counters` hold exact totals (`files`, `digests`, `items:<source>:<status>`), kept in the transactions that change them.
 *
 * Statuses, sources and flags are stored as the codes of src-shared/domain. Times are seconds since the epoch, UTC;
 * days are days since the epoch.
 */
export const foundation: Migration = {
  version: 1,
  name: 'foundation',
  up(db) {
    db.exec(`
      CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        md5 BLOB CHECK (length(md5) = 16),
        sha1 BLOB CHECK (length(sha1) = 20),
        sha256 BLOB CHECK (length(sha256) = 32),
        links INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE digest_keys (
        key INTEGER NOT NULL, file_id INTEGER NOT NULL,
        PRIMARY KEY (key, file_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE threat_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE items (
        file_id INTEGER NOT NULL,
        source INTEGER NOT NULL,
        status INTEGER NOT NULL,
        no_answer INTEGER,
        score REAL,
        threat_id INTEGER,
        raw_code TEXT,
        first_seen INTEGER,
        scanned_at INTEGER,
        next_scan_at INTEGER,
        asked_day INTEGER,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (file_id, source)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE hash_list (
        id INTEGER PRIMARY KEY,
        side INTEGER NOT NULL CHECK (side IN (2, 4)),
        md5 BLOB CHECK (length(md5) = 16),
        sha1 BLOB CHECK (length(sha1) = 20),
        sha256 BLOB CHECK (length(sha256) = 32),
        note TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        added_by TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        expires_at INTEGER,
        updated_at INTEGER NOT NULL,
        CHECK (md5 IS NOT NULL OR sha1 IS NOT NULL OR sha256 IS NOT NULL)
      ) STRICT;
      CREATE INDEX hash_list_by_expiry ON hash_list (expires_at) WHERE expires_at IS NOT NULL;
      CREATE TABLE hash_list_keys (
        key INTEGER NOT NULL, entry_id INTEGER NOT NULL,
        PRIMARY KEY (key, entry_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE hash_list_changes (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
        undone_by INTEGER
      ) STRICT;
      CREATE TABLE hash_list_audit (
        change_id INTEGER NOT NULL, entry_id INTEGER NOT NULL, before TEXT, after TEXT,
        PRIMARY KEY (change_id, entry_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX hash_list_audit_by_entry ON hash_list_audit (entry_id);

      CREATE TABLE known_sets (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        edition TEXT NOT NULL,
        mark INTEGER NOT NULL,
        dated_at INTEGER,
        imported_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('importing', 'ready')),
        path TEXT NOT NULL,
        md5_count INTEGER NOT NULL DEFAULT 0,
        sha1_count INTEGER NOT NULL DEFAULT 0,
        sha256_count INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        process TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE UNIQUE INDEX known_sets_by_name ON known_sets (name) WHERE state = 'ready';

      CREATE TABLE intakes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'cancelled', 'failed')),
        title TEXT NOT NULL,
        door TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        elapsed_ms INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        sha256 TEXT,
        read_by TEXT NOT NULL,
        file_count INTEGER NOT NULL DEFAULT 0,
        accounting TEXT NOT NULL DEFAULT '{}',
        counts TEXT NOT NULL DEFAULT '{}',
        columns TEXT NOT NULL DEFAULT '[]',
        origin TEXT NOT NULL DEFAULT '[]',
        embargo INTEGER NOT NULL DEFAULT 0,
        note TEXT NOT NULL DEFAULT '',
        fault TEXT,
        judged_seq INTEGER NOT NULL DEFAULT 0,
        judged_at INTEGER,
        problems TEXT NOT NULL DEFAULT '[]',
        process TEXT NOT NULL DEFAULT ''
      ) STRICT;

      CREATE TABLE counters (name TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind INTEGER NOT NULL,
        id INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE metric_events (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        source INTEGER NOT NULL DEFAULT 0,
        amount INTEGER NOT NULL DEFAULT 1,
        detail TEXT
      ) STRICT;
      CREATE INDEX metric_events_by_time ON metric_events (at);
    `);
  },
};
