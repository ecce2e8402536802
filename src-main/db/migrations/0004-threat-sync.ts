import type { Migration } from './index.ts';

/**
 * Sync jobs: what they pull, what they sent, what they did.
 *
 * `sync_jobs.uuid` is what the root ids of a job's documents are made from. `last_modified` is milliseconds: what was
 * modified since then is pulled next. `deploy_due` is 1 from the first write of a run until a deploy was taken.
 * `revision` rises with every change of the settings. `refused_size` is how many indicators the smallest document held that
 * was refused as too large, null for none. `removing` 1: it is on its way out, and nothing new begins.
 * `read_owners` lists the owners, as JSON, that the last complete pull read: Last Modified says nothing about any other.
 *
 * `sync_pulled` holds what the present run of a job pulled; it is emptied when a run begins.
 *
 * `sync_indicators` has a row per indicator a job has ever taken: as last pulled, and what of it was sent. `bucket` is a
 * 32-bit mix of its id: a package holds the indicators of one type whose bucket begins with the package's prefix, so that a
 * changed indicator changes one package. `wanted` 1: it matches. `held` says why it is not to be in Threat Response all the
 * same; `released` 1 that a person let it go nevertheless, `recalled` 1 that a person called it back. `goes` follows from
 * these: 1 when it is to be there. `sent` 1: it is there, with `sent_terms`, `sent_rating` and `sent_confidence` as they were;
 * `listed_terms`: its digests on the reputation hash list, null when it is not there. Terms are `kind:value`, separated by
 * blanks.
 *
 * `sync_plan` says what a run decided; `rank` is the action, in the order it is shown. What an unchanged indicator is named
 * and rated stands in `sync_indicators` alone, so that a run without news costs little room.
 *
 * `sync_packages` are the leaves of the tree of prefixes, by type, and `retiring` ones, which are deleted when all that took
 * their indicators over are written. `dirty` 1: what it is to hold may differ from what was sent; `touched` counts how often
 * it became so, so that what happens while it is on its way is not lost. `labels_due` 1: its labels may differ from the tags
 * of what it holds. `sent_digest` is the SHA-256 of the document that was sent last, null before the first; `server_md5` what
 * the server said of it.
 *
 * `sync_ledger` has a row per write, made before it leaves (`outcome` null) and settled by its answer; `added` and `removed`
 * list ids of indicators, as JSON. `sync_requests` has every exchange, reads too.
 *
 * `known_sets.sync_job` is the job that made a set from the files it pulled, null for an imported one; each job may have a set
 * of the same name. `content` is the SHA-256 of what such a set was made from: it is made again only when that changes.
 */
export const threatSync: Migration = {
  version: 4,
  name: 'threat-sync',
  up(db) {
    db.exec(`
      CREATE TABLE sync_jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uuid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        config TEXT NOT NULL,
        revision INTEGER NOT NULL,
        active INTEGER NOT NULL DEFAULT 0,
        activated_at INTEGER,
        last_modified INTEGER NOT NULL,
        reconciled_at INTEGER,
        read_owners TEXT,
        threatconnect_host TEXT,
        tanium_host TEXT,
        secret_revision INTEGER NOT NULL DEFAULT 0,
        term_forms TEXT,
        deploy_due INTEGER NOT NULL DEFAULT 0,
        refused_size INTEGER,
        removing INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE sync_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        asked TEXT NOT NULL,
        state TEXT NOT NULL,
        scope TEXT,
        revision INTEGER NOT NULL,
        requested_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        counts TEXT NOT NULL DEFAULT '{}',
        phase TEXT NOT NULL DEFAULT '',
        done INTEGER NOT NULL DEFAULT 0,
        total INTEGER,
        message TEXT NOT NULL DEFAULT '',
        tql TEXT NOT NULL DEFAULT '',
        seen INTEGER NOT NULL DEFAULT 0,
        cancel INTEGER NOT NULL DEFAULT 0,
        approved INTEGER NOT NULL DEFAULT 0,
        approves INTEGER
      ) STRICT;
      CREATE INDEX sync_runs_by_job ON sync_runs (job_id, id);
      CREATE INDEX sync_runs_open ON sync_runs (id) WHERE state IN ('requested', 'running');

      CREATE TABLE sync_pulled (
        job_id INTEGER NOT NULL,
        id INTEGER NOT NULL,
        type TEXT NOT NULL,
        summary TEXT NOT NULL,
        terms TEXT NOT NULL,
        owner TEXT NOT NULL,
        rating REAL,
        confidence REAL,
        threat_assess REAL,
        false_positives INTEGER NOT NULL,
        tags TEXT NOT NULL,
        modified_at INTEGER NOT NULL,
        link TEXT NOT NULL,
        gone TEXT,
        invalid TEXT,
        PRIMARY KEY (job_id, id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sync_indicators (
        job_id INTEGER NOT NULL,
        id INTEGER NOT NULL,
        type TEXT NOT NULL,
        bucket INTEGER NOT NULL,
        summary TEXT NOT NULL,
        terms TEXT NOT NULL,
        owner TEXT NOT NULL,
        rating REAL,
        confidence REAL,
        threat_assess REAL,
        false_positives INTEGER NOT NULL,
        tags TEXT NOT NULL,
        modified_at INTEGER NOT NULL,
        link TEXT NOT NULL,
        wanted INTEGER NOT NULL,
        held TEXT,
        held_by TEXT NOT NULL DEFAULT '',
        released INTEGER NOT NULL DEFAULT 0,
        recalled INTEGER NOT NULL DEFAULT 0,
        sent INTEGER NOT NULL DEFAULT 0,
        sent_terms TEXT,
        sent_rating REAL,
        sent_confidence REAL,
        listed_terms TEXT,
        goes INTEGER NOT NULL GENERATED ALWAYS AS
          (wanted = 1 AND (held IS NULL OR (released = 1 AND held <> 'own'))) VIRTUAL,
        PRIMARY KEY (job_id, id)
      ) STRICT;
      CREATE INDEX sync_indicators_members ON sync_indicators (job_id, type, goes, bucket, id);
      CREATE INDEX sync_indicators_held ON sync_indicators (job_id, id) WHERE held IS NOT NULL;
      CREATE INDEX sync_indicators_sent ON sync_indicators (job_id, id) WHERE sent = 1;
      CREATE INDEX sync_indicators_listed ON sync_indicators (job_id, id) WHERE listed_terms IS NOT NULL;

      CREATE TABLE sync_packages (
        job_id INTEGER NOT NULL,
        type TEXT NOT NULL,
        prefix TEXT NOT NULL,
        root_id TEXT NOT NULL,
        name TEXT NOT NULL,
        intel_id INTEGER,
        dirty INTEGER NOT NULL DEFAULT 1,
        touched INTEGER NOT NULL DEFAULT 0,
        retiring INTEGER NOT NULL DEFAULT 0,
        sent_digest TEXT,
        server_md5 TEXT,
        labels TEXT NOT NULL DEFAULT '[]',
        labels_due INTEGER NOT NULL DEFAULT 1,
        scan_due INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (job_id, type, prefix)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sync_plan (
        run_id INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        id INTEGER NOT NULL,
        package TEXT NOT NULL,
        old_rating REAL,
        old_confidence REAL,
        reason TEXT,
        why TEXT NOT NULL DEFAULT '',
        wanted INTEGER NOT NULL,
        held TEXT,
        held_by TEXT NOT NULL DEFAULT '',
        type TEXT,
        summary TEXT,
        owner TEXT,
        rating REAL,
        confidence REAL,
        tags TEXT,
        PRIMARY KEY (run_id, rank, id)
      ) STRICT;

      CREATE TABLE sync_ledger (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL,
        run_id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        settled_at INTEGER,
        action TEXT NOT NULL,
        host TEXT NOT NULL,
        type TEXT,
        prefix TEXT,
        package TEXT NOT NULL DEFAULT '',
        root_id TEXT,
        intel_id INTEGER,
        indicators INTEGER NOT NULL DEFAULT 0,
        added TEXT NOT NULL DEFAULT '[]',
        removed TEXT NOT NULL DEFAULT '[]',
        outcome TEXT,
        http_status INTEGER,
        message TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE INDEX sync_ledger_by_job ON sync_ledger (job_id, id);
      CREATE INDEX sync_ledger_by_run ON sync_ledger (run_id, id);
      CREATE INDEX sync_ledger_open ON sync_ledger (job_id) WHERE outcome IS NULL OR outcome = 'unknown';

      CREATE TABLE sync_requests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job_id INTEGER NOT NULL,
        run_id INTEGER,
        at INTEGER NOT NULL,
        host TEXT NOT NULL,
        label TEXT NOT NULL,
        http_status INTEGER,
        elapsed_ms INTEGER,
        message TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE INDEX sync_requests_by_job ON sync_requests (job_id, id);
      CREATE INDEX sync_requests_by_run ON sync_requests (run_id, id);

      CREATE TABLE sync_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        level TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX sync_log_by_run ON sync_log (run_id, id);

      ALTER TABLE known_sets ADD COLUMN sync_job INTEGER;
      ALTER TABLE known_sets ADD COLUMN content TEXT;
      DROP INDEX known_sets_by_name;
      CREATE UNIQUE INDEX known_sets_by_name ON known_sets (name, coalesce(sync_job, 0)) WHERE state = 'ready';
    `);
  },
};
