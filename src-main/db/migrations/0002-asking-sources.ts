import type { Migration } from './index.ts';

/**
 * Asking sources: what is set for each, what waits to be asked, what was asked and what it cost.
 *
 * `queue` holds one row per (digest, source). `purpose` is the order (1 person, 2 new, 3 recheck, 4 rescan), times are
 * milliseconds since the epoch, `request_id` names the request a row is on its way with. `intake_id` and `purpose` are
 * those of the most urgent one who waits and is not held back; the others are in `queue_also`. `parked` rows wait for a
 * lower stage of the same digest. `losses` counts the requests in a row that a process did not live to hear about.
 * `cancelled` rows are on their way and are not asked again. `queue_groups` counts the
 * waiting rows of each (source, purpose, intake); `queue_pauses` says what is held back, -1 for any.
 *
 * `requests` is the record of what left the machine and the ledger of the sliding minute at once: reserved before
 * sending, settled after. `digests` packs what was asked, `outcomes` one byte each; without digests it was a test of the
 * connection. A request counts in its minute until `frees_at`, and in the UTC windows of `counted_at`. `spend` holds the
 * UTC hour, day and month: `start` is the window's first millisecond.
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
        bytes INTEGER NOT NULL,
        purpose INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        losses INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        intake_id INTEGER NOT NULL DEFAULT 0,
        stage INTEGER NOT NULL DEFAULT 0,
        stop_on_malicious INTEGER NOT NULL DEFAULT 0,
        force INTEGER NOT NULL DEFAULT 0,
        parked INTEGER NOT NULL DEFAULT 0,
        cancelled INTEGER NOT NULL DEFAULT 0,
        request_id INTEGER,
        created_at INTEGER NOT NULL,
        reason TEXT
      ) STRICT;
      CREATE UNIQUE INDEX queue_by_digest ON queue (digest, source);
      CREATE INDEX queue_next ON queue (source, purpose, intake_id, bytes, not_before, id) WHERE request_id IS NULL;
      CREATE INDEX queue_on_its_way ON queue (request_id) WHERE request_id IS NOT NULL;
      CREATE INDEX queue_staged ON queue (digest) WHERE stage > 0;
      CREATE TABLE queue_also (
        intake_id INTEGER NOT NULL, queue_id INTEGER NOT NULL, purpose INTEGER NOT NULL,
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
      CREATE TABLE queue_pauses (
        source INTEGER NOT NULL, purpose INTEGER NOT NULL, intake_id INTEGER NOT NULL,
        PRIMARY KEY (source, purpose, intake_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL,
        purpose INTEGER NOT NULL,
        digest_bytes INTEGER NOT NULL,
        digests BLOB NOT NULL,
        outcomes BLOB,
        reserved_at INTEGER NOT NULL,
        counted_at INTEGER NOT NULL,
        minute_ms INTEGER NOT NULL,
        settled_at INTEGER,
        frees_at INTEGER NOT NULL,
        outcome INTEGER,
        http_status INTEGER,
        elapsed_ms INTEGER,
        billed INTEGER NOT NULL,
        message TEXT
      ) STRICT;
      CREATE INDEX requests_of_minute ON requests (source, frees_at, billed);
      CREATE INDEX requests_by_source ON requests (source);
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

      CREATE INDEX items_could_not_ask ON items (source) WHERE no_answer = 2;
      CREATE INDEX metric_events_avoided ON metric_events (at, detail, amount) WHERE kind = 8;
    `);
  },
};
