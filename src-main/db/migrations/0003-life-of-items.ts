import type { Migration } from './index.ts';

/**
 * The life of items: made when a hash is queued, changed by answers, asked for again, removed.
 *
 * `items.no_answer` 3 is an item that was made and not answered yet: it says nothing about its file. `items.since` is when
 * its present status, score and name were first heard (null: since it was made); `items.next_scan_at`, written as the end of
 * an answer's time before, is from now on a moment before which it is not asked for again, whatever the intervals say, or
 * null. `asked_day` is the last day, since the epoch, on which somebody asked for it (null: when it was made);
 * `asked_stage` gathers such days by file until they are merged; a file without items keeps its row.
 *
 * `item_history` has a row per change of an item's status, score or name: what it was, from when, and what it became
 * (`at`). `flip` is 1 when the item turned malicious, -1 when it ceased to be, 0 otherwise, by the thresholds of that moment.
 * Its indexes hold all that counting and paging by time look at, so that a million rows are counted without being read.
 *
 * `disagreements` lists files about which one item says suspicious or worse and another non-malicious, by the thresholds in
 * force.
 *
 * `queue.single` rows are asked by the single call of their source, alone; `awaits` says that an answer was heard already and
 * what the single call is still to tell: 1 details, 2 whether it is known elsewhere. `requests.single` says the same of a
 * request that was made.
 */
export const lifeOfItems: Migration = {
  version: 3,
  name: 'life-of-items',
  up(db) {
    db.exec(`
      ALTER TABLE items ADD COLUMN since INTEGER;
      ALTER TABLE queue ADD COLUMN single INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE queue ADD COLUMN awaits INTEGER NOT NULL DEFAULT 0;
      DROP INDEX queue_next;
      CREATE INDEX queue_next ON queue (source, purpose, intake_id, bytes, single, not_before, id) WHERE request_id IS NULL;
      ALTER TABLE requests ADD COLUMN single INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE intakes ADD COLUMN asked_day INTEGER;

      CREATE TABLE item_history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        file_id INTEGER NOT NULL,
        source INTEGER NOT NULL,
        from_at INTEGER NOT NULL,
        at INTEGER NOT NULL,
        old_status INTEGER NOT NULL,
        old_no_answer INTEGER,
        old_score REAL,
        old_threat_id INTEGER,
        status INTEGER NOT NULL,
        no_answer INTEGER,
        score REAL,
        threat_id INTEGER,
        flip INTEGER NOT NULL CHECK (flip IN (-1, 0, 1))
      ) STRICT;
      CREATE INDEX item_history_by_file ON item_history (file_id, at, id);
      CREATE INDEX item_history_by_time ON item_history (at, id, source, flip);
      CREATE INDEX item_history_flips ON item_history (at, id, source, flip) WHERE flip <> 0;
      CREATE INDEX item_history_flips_by_id ON item_history (id, flip, at) WHERE flip <> 0;

      CREATE TABLE disagreements (file_id INTEGER PRIMARY KEY, since INTEGER NOT NULL) STRICT;
      CREATE INDEX disagreements_by_time ON disagreements (since);

      CREATE TABLE asked_stage (
        file_id INTEGER PRIMARY KEY, day INTEGER NOT NULL
      ) STRICT;

      UPDATE items SET next_scan_at = NULL WHERE next_scan_at IS NOT NULL;
    `);
  },
};
