import type { Migration } from './index.ts';

/**
 * Asking sources: what is set for each, what waits to be asked, what was asked and what it cost.
 *
 * `queue` holds one row per (digest, source). `purpose` is the order (1 person, 2 new, 3 recheck, 4 rescan), times are
 * milliseconds since the epoch, `request_id` names the request a row is on its way with. A row that several intakes
 * wait for belongs to the first and is named in `queue_also` for the others.
 *
 * `requests` is the record of what left the machine and the ledger of the sliding minute at once: reserved before
 * sending, settled after. `digests` packs what was asked, `outcomes` one byte each. `spend` holds the UTC hour, day and
 * month: `start` is the window's first millisecond.
 *
 * `embargo_keys` holds the first 6 bytes of every digest of an intake under embargo, as `digest_keys` does: those hashes
 * are asked about by no door.
 */
export const askingSources: Migration = {
  version: 2,
  name: 'asking-sources',
  up(db) {
    db.exec(`
      CREATE TABLE source_configs (
        source INTEGER PRIMARY KEY, config TEXT NOT NULL, updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE source_states (
        source INTEGER PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('ready', 'paused', 'waiting', 'backing-off', 'open', 'stopped')),
        reason TEXT,
        until INTEGER,
        faults INTEGER NOT NULL DEFAULT 0,
        last_answer_at INTEGER,
        learned TEXT NOT NULL DEFAULT '[]',
        updated_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE queue (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) IN (16, 20, 32)),
        purpose INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        intake_id INTEGER NOT NULL DEFAULT 0,
        stage INTEGER NOT NULL DEFAULT 0,
        stop_on_malicious INTEGER NOT NULL DEFAULT 0,
        force INTEGER NOT NULL DEFAULT 0,
        request_id INTEGER,
        created_at INTEGER NOT NULL,
        reason TEXT
      ) STRICT;
      CREATE UNIQUE INDEX queue_by_digest ON queue (digest, source);
      CREATE INDEX queue_next ON queue (source, purpose, not_before, id) WHERE request_id IS NULL;
      CREATE INDEX queue_on_its_way ON queue (request_id) WHERE request_id IS NOT NULL;
      CREATE INDEX queue_by_intake ON queue (intake_id, source);
      CREATE TABLE queue_also (
        intake_id INTEGER NOT NULL, queue_id INTEGER NOT NULL,
        PRIMARY KEY (intake_id, queue_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX queue_also_by_row ON queue_also (queue_id);
      CREATE TABLE queue_groups (
        source INTEGER NOT NULL,
        purpose INTEGER NOT NULL,
        intake_id INTEGER NOT NULL,
        waiting INTEGER NOT NULL DEFAULT 0,
        done INTEGER NOT NULL DEFAULT 0,
        dropped INTEGER NOT NULL DEFAULT 0,
        paused INTEGER NOT NULL DEFAULT 0,
        started_at INTEGER NOT NULL,
        PRIMARY KEY (source, purpose, intake_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL,
        purpose INTEGER NOT NULL,
        digest_bytes INTEGER NOT NULL,
        digests BLOB NOT NULL,
        outcomes BLOB,
        intake_id INTEGER NOT NULL DEFAULT 0,
        process TEXT NOT NULL,
        reserved_at INTEGER NOT NULL,
        settled_at INTEGER,
        frees_at INTEGER NOT NULL,
        outcome INTEGER,
        http_status INTEGER,
        elapsed_ms INTEGER,
        billed INTEGER NOT NULL,
        message TEXT
      ) STRICT;
      CREATE INDEX requests_by_source ON requests (source, frees_at);
      CREATE INDEX requests_by_time ON requests (reserved_at);
      CREATE INDEX requests_open ON requests (id) WHERE settled_at IS NULL;
      CREATE TABLE spend (
        source INTEGER NOT NULL,
        window TEXT NOT NULL CHECK (window IN ('hour', 'day', 'month')),
        start INTEGER NOT NULL,
        spent INTEGER NOT NULL,
        PRIMARY KEY (source, window, start)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE reports (
        file_id INTEGER NOT NULL, source INTEGER NOT NULL, at INTEGER NOT NULL, report BLOB NOT NULL,
        PRIMARY KEY (file_id, source)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE embargo_keys (
        key INTEGER NOT NULL, intake_id INTEGER NOT NULL,
        PRIMARY KEY (key, intake_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX embargo_keys_by_intake ON embargo_keys (intake_id);
    `);
  },
};
