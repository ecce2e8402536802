import type { Migration } from './index.ts';

/**
 * What people write on hashes, and the reports that were made of intakes.
 *
 * An annotation is a note and tags on one file; `annotation_digests` names the digests it was written on, each digest in at
 * most one annotation. `tags` is a JSON array of strings, sorted, each once. An annotation with neither note nor tags does
 * not exist. `change_id` names the change that wrote it last.
 *
 * A change is what one person did in one step, to any number of files. For each file `annotation_before` keeps what was
 * written before (a JSON array of annotations with their digests, empty where there was none) and the annotation it became,
 * null where it went: enough to take the change back.
 *
 * `written_reports` keeps of each report made what tells later whether a file is that report: `seal` is the SHA-256 it carries.
 * `intake_id` may name an intake that was forgotten since.
 */
export const reports: Migration = {
  version: 6,
  name: 'reports',
  up(db) {
    db.exec(`
      CREATE TABLE annotations (
        id INTEGER PRIMARY KEY,
        note TEXT NOT NULL,
        tags TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        changed_by TEXT NOT NULL,
        change_id INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE annotation_digests (
        digest BLOB PRIMARY KEY,
        annotation_id INTEGER NOT NULL REFERENCES annotations (id) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX annotation_digests_by_annotation ON annotation_digests (annotation_id);
      CREATE TABLE annotation_changes (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE annotation_before (
        change_id INTEGER NOT NULL REFERENCES annotation_changes (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        annotation_id INTEGER,
        before TEXT NOT NULL,
        PRIMARY KEY (change_id, place)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE written_reports (
        id INTEGER PRIMARY KEY,
        intake_id INTEGER NOT NULL,
        format TEXT NOT NULL,
        title TEXT NOT NULL,
        path TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        rows INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        seal BLOB NOT NULL
      ) STRICT;
      CREATE INDEX written_reports_by_intake ON written_reports (intake_id, id);
      CREATE INDEX written_reports_by_seal ON written_reports (seal);
    `);
  },
};
