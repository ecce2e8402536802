import type { Migration } from './index.ts';

/** As stored: what was counted as received in the intakes of earlier versions, and what it is counted as from now on. */
const INBOUND_HASHES = 1;
const INBOUND = { minute: 16, hour: 17, day: 18 } as const;

/**
 * What happened is kept by minute, hour and day.
 *
 * `metric_events` holds what was not folded yet: a minute's worth, so that it needs no index. Folding adds an event to its
 * minute, its hour and its day in `metric_rollups` and deletes it, in one transaction. `level` is 0 for a minute, 1 for an
 * hour, 2 for a day (UTC), `start` its first second; of days that were let go one row of level 3 keeps what they came to;
 * `n` events with the sum of their amounts, the least and the most, and the one that was last with its time.
 * `metric_series` names a kind, source and detail once.
 *
 * `metric_presence` lists the stretches of time in which gauges were looked at; they never overlap.
 *
 * `inbound_intakes` names intakes whose hashes were received at a time and whether they were counted, `inbound_look_ups` the
 * hashes that were looked up in a minute (its first second). Both are kept for as long as a later hash of the same day is
 * compared with them. Intakes from before were counted when they came, each by itself.
 */
export const usage: Migration = {
  version: 5,
  name: 'usage',
  up(db) {
    db.exec(`
      CREATE TABLE metric_series (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        source INTEGER NOT NULL,
        detail TEXT NOT NULL DEFAULT '',
        UNIQUE (kind, source, detail)
      ) STRICT;
      CREATE TABLE metric_rollups (
        level INTEGER NOT NULL,
        series INTEGER NOT NULL,
        start INTEGER NOT NULL,
        n INTEGER NOT NULL,
        sum INTEGER NOT NULL,
        least INTEGER NOT NULL,
        most INTEGER NOT NULL,
        last INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (level, series, start)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE metric_presence (start INTEGER PRIMARY KEY, until INTEGER NOT NULL) STRICT;
      CREATE TABLE inbound_intakes (
        intake_id INTEGER PRIMARY KEY, at INTEGER NOT NULL, is_counted INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE inbound_look_ups (
        digest BLOB NOT NULL CHECK (length(digest) IN (16, 20, 32)),
        minute INTEGER NOT NULL,
        is_counted INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (minute, digest)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX inbound_look_ups_waiting ON inbound_look_ups (minute) WHERE is_counted = 0;
      DROP INDEX metric_events_avoided;
      DROP INDEX metric_events_by_time;
    `);
    const copy = db.prepare(
      `INSERT INTO metric_events (at, kind, source, amount, detail)
       SELECT at, ?, 0, amount, 'intakes' FROM metric_events WHERE kind = ${INBOUND_HASHES}`,
    );
    for (const kind of Object.values(INBOUND)) {
      copy.run(kind);
    }
  },
};
