import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { migrate } from '#main/db/migrate.ts';
import { MIGRATIONS, type Migration } from '#main/db/migrations/index.ts';
import { openReadable, openWritable } from '#main/db/open.ts';
import { reads } from '#main/db/repositories/index.ts';
import { LEVEL_SECONDS } from '#main/db/repositories/metrics/levels.ts';
import { write } from './queue/world.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** 2026-03-10 00:00 UTC. */
const MIDNIGHT = 1_773_100_800;

const CHILD = fileURLToPath(new URL('./migration-child.ts', import.meta.url));

function opened(file: string): WritableDb {
  const db = openWritable(file);
  onTestFinished(() => {
    db.close();
  });
  return db;
}

function upTo(version: number): readonly Migration[] {
  return MIGRATIONS.filter((migration) => migration.version <= version);
}

const names = (db: WritableDb): unknown[] =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all();

describe('migrations', () => {
  test('are numbered from 1 without gaps', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('1 foundation: makes every table and describes the database', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    expect(migrate(db, { keepCopy: true, migrations: upTo(1) })).toEqual({ from: 0, to: 1, copy: null });
    expect(names(db)).toEqual([
      'changes',
      'counters',
      'digest_keys',
      'files',
      'hash_list',
      'hash_list_audit',
      'hash_list_changes',
      'hash_list_keys',
      'intakes',
      'items',
      'known_sets',
      'meta',
      'metric_events',
      'settings',
      'threat_names',
    ]);
    const meta = db.prepare('SELECT key FROM meta ORDER BY key').pluck().all();
    expect(meta).toEqual(['created_at', 'created_by', 'database_id']);
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
  });

  test('2 asking-sources: adds its tables and keeps every row', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false, migrations: upTo(1) });
    db.exec(`INSERT INTO files (id, sha256) VALUES (1, zeroblob(32));
             INSERT INTO items (file_id, source, status, no_answer, created_at) VALUES (1, 1, 0, 2, 5), (1, 5, 4, NULL, 5);
             INSERT INTO metric_events (at, kind, amount) VALUES (5, 2, 2)`);
    const before = names(db);
    migrate(db, { keepCopy: false, migrations: upTo(2) });
    expect(names(db).filter((name) => !before.includes(name))).toEqual([
      'embargo_keys',
      'queue',
      'queue_also',
      'queue_groups',
      'queue_pauses',
      'reports',
      'requests',
      'source_configs',
      'source_states',
      'spend',
    ]);
    expect(db.prepare('SELECT source, status, no_answer FROM items').raw().all()).toEqual([
      [1, 0, 2],
      [5, 4, null],
    ]);
    expect(db.prepare('SELECT kind, amount FROM metric_events').raw().all()).toEqual([[2, 2]]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('3 life-of-items: adds its tables, keeps every row, and leaves it to the settings when an item is due', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false, migrations: upTo(2) });
    db.exec(`INSERT INTO files (id, sha256) VALUES (1, zeroblob(32));
             INSERT INTO items (file_id, source, status, scanned_at, next_scan_at, asked_day, created_at)
               VALUES (1, 1, 1, 6, 900, NULL, 5), (1, 5, 4, 7, NULL, 2, 5);
             INSERT INTO reports VALUES (1, 5, 7, zeroblob(3));
             INSERT INTO queue (source, digest, bytes, purpose, created_at) VALUES (1, zeroblob(32), 32, 3, 9);
             INSERT INTO intakes (state, title, door, created_at, read_by) VALUES ('ready', 'list', 'paste', 5, 'test')`);
    const before = names(db);
    expect(migrate(db, { keepCopy: false, migrations: upTo(3) })).toMatchObject({ from: 2, to: 3 });
    expect(names(db).filter((name) => !before.includes(name))).toEqual([
      'asked_stage',
      'disagreements',
      'item_history',
    ]);
    const items = 'SELECT source, status, scanned_at, next_scan_at, asked_day, created_at, since FROM items';
    expect(db.prepare(items).raw().all()).toEqual([
      [1, 1, 6, null, null, 5, null],
      [5, 4, 7, null, 2, 5, null],
    ]);
    expect(db.prepare('SELECT source, purpose, single FROM queue').raw().all()).toEqual([[1, 3, 0]]);
    expect(db.prepare('SELECT title, asked_day FROM intakes').raw().all()).toEqual([['list', null]]);
    expect(db.prepare('SELECT count(*) FROM reports').pluck().get()).toBe(1);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('4 threat-sync: adds its tables and keeps every row', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false, migrations: upTo(3) });
    db.exec(`INSERT INTO files (id, sha256) VALUES (1, zeroblob(32));
             INSERT INTO items (file_id, source, status, scanned_at, created_at) VALUES (1, 5, 4, 7, 5);
             INSERT INTO item_history (file_id, source, from_at, at, old_status, status, flip) VALUES (1, 5, 1, 7, 0, 4, 1);
             INSERT INTO settings VALUES ('analyst', '"kim"', 1);
             INSERT INTO changes (kind, id) VALUES (1, 1)`);
    const before = names(db);
    const kept = before.map((name) =>
      db
        .prepare(`SELECT * FROM ${String(name)}`)
        .raw()
        .all(),
    );
    expect(migrate(db, { keepCopy: false, migrations: upTo(4) })).toMatchObject({ from: 3, to: 4 });
    expect(names(db).filter((name) => !before.includes(name))).toEqual([
      'sync_indicators',
      'sync_jobs',
      'sync_ledger',
      'sync_log',
      'sync_packages',
      'sync_plan',
      'sync_pulled',
      'sync_requests',
      'sync_runs',
    ]);
    expect(
      before.map((name) =>
        db
          .prepare(`SELECT * FROM ${String(name)}`)
          .raw()
          .all(),
      ),
    ).toEqual(kept);
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('5 usage: adds its tables, keeps every row, and counts what intakes brought as received', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false, migrations: upTo(4) });
    db.exec(`INSERT INTO metric_events (at, kind, source, amount, detail) VALUES
               (${MIDNIGHT - 1}, 1, 0, 7, NULL), (${MIDNIGHT}, 1, 0, 5, NULL), (${MIDNIGHT}, 6, 5, 1, 'answer'),
               (${MIDNIGHT + 61}, 8, 1, 3, 'fresh'), (${MIDNIGHT + 61}, 13, 0, 4096, NULL);
             INSERT INTO intakes (state, title, door, created_at, read_by) VALUES ('ready', 'list', 'paste', 5, 'test')`);
    const before = names(db);
    const kept = before.map((name) =>
      db
        .prepare(`SELECT * FROM ${String(name)} ${name === 'metric_events' ? 'WHERE kind < 16' : ''}`)
        .raw()
        .all(),
    );
    expect(migrate(db, { keepCopy: false, migrations: upTo(5) })).toMatchObject({ from: 4, to: 5 });
    expect(names(db).filter((name) => !before.includes(name))).toEqual([
      'inbound_intakes',
      'inbound_look_ups',
      'metric_presence',
      'metric_rollups',
      'metric_series',
    ]);
    expect(
      before.map((name) =>
        db
          .prepare(`SELECT * FROM ${String(name)} ${name === 'metric_events' ? 'WHERE kind < 16' : ''}`)
          .raw()
          .all(),
      ),
    ).toEqual(kept);
    write(db, 'foldMetrics', undefined);
    const received = (kind: 'inboundMinute' | 'inboundHour' | 'inboundDay', level: 0 | 1 | 2) =>
      reads
        .metricSums(db, { kinds: [kind], from: 0, to: 2e9, stepSeconds: LEVEL_SECONDS[level], level })
        .map(({ bucket, detail, sum }) => [bucket, detail, sum]);
    expect(received('inboundMinute', 0)).toEqual([
      [MIDNIGHT - 60, 'intakes', 7],
      [MIDNIGHT, 'intakes', 5],
    ]);
    expect(received('inboundHour', 1)).toEqual([
      [MIDNIGHT - 3600, 'intakes', 7],
      [MIDNIGHT, 'intakes', 5],
    ]);
    expect(received('inboundDay', 2)).toEqual([
      [MIDNIGHT - 86_400, 'intakes', 7],
      [MIDNIGHT, 'intakes', 5],
    ]);
    expect(reads.metricTotal(db, { kind: 'inboundHashes', from: 0, to: 2e9 })).toBe(12);
    expect(reads.avoidedSince(db, { at: MIDNIGHT * 1000 })).toEqual({ fresh: 3 });
    expect(reads.databaseSizes(db, { from: MIDNIGHT })).toEqual([{ at: MIDNIGHT + 61, bytes: 4096 }]);
    const loose = db.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );
    expect(loose.pluck().all()).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('6 reports: adds its tables and keeps every row', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false, migrations: upTo(5) });
    db.exec(
      `INSERT INTO intakes (state, title, door, created_at, read_by) VALUES ('ready', 'list', 'paste', 5, 'test')`,
    );
    const before = names(db);
    const rows = (): unknown[] =>
      before.map((name) =>
        db
          .prepare(`SELECT * FROM ${String(name)}`)
          .raw()
          .all(),
      );
    const kept = rows();
    expect(migrate(db, { keepCopy: false, migrations: upTo(6) })).toMatchObject({ from: 5, to: 6 });
    expect(names(db).filter((name) => !before.includes(name))).toEqual([
      'annotation_before',
      'annotation_changes',
      'annotation_digests',
      'annotations',
      'written_reports',
    ]);
    expect(rows()).toEqual(kept);
    db.exec(`INSERT INTO annotations (note, tags, changed_at, changed_by, change_id) VALUES ('seen before', '["apt"]', 5, 'kim', 1);
             INSERT INTO annotation_digests (digest, annotation_id) VALUES (x'00', 1), (x'01', 1);
             DELETE FROM annotations`);
    expect(db.prepare('SELECT count(*) FROM annotation_digests').pluck().get()).toBe(0);
  });

  test.each(MIGRATIONS.map(({ version }) => version))(
    'killed inside %i: the database is as before, and the next start migrates',
    async (version) => {
      const directory = temporaryDirectory();
      const file = join(directory, 'assay.db');
      const before = opened(file);
      migrate(before, { keepCopy: false, migrations: upTo(version - 1) });
      const tables = names(before);
      before.close();
      const child = spawnSync(process.execPath, [CHILD, file, String(version)], { encoding: 'utf8' });
      expect([child.signal, child.stderr]).toEqual(['SIGKILL', '']);
      const after = opened(file);
      expect(after.pragma('user_version', { simple: true })).toBe(version - 1);
      expect(names(after)).toEqual(tables);
      expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
      after.close();
      const database = await openInlineDatabase(directory);
      onTestFinished(() => database.close());
      expect((await database.read('tableStats', undefined)).schemaVersion).toBe(MIGRATIONS.length);
    },
  );

  test('keep a copy of an existing database as it was before the first step', () => {
    const file = join(temporaryDirectory(), 'assay.db');
    const db = opened(file);
    migrate(db, { keepCopy: true });
    db.exec("INSERT INTO settings VALUES ('analyst', '\"kim\"', 1)");
    const last = MIGRATIONS.length;
    const steps = [1, 2].map((step): Migration => ({
      version: last + step,
      name: 'test',
      up: (target) => {
        target.exec(`CREATE TABLE added_${step} (id INTEGER PRIMARY KEY) STRICT; DELETE FROM settings`);
      },
    }));
    const done = migrate(db, { keepCopy: true, migrations: [...MIGRATIONS, ...steps] });
    expect(done).toEqual({ from: last, to: last + 2, copy: `${file}.before-${last + 1}` });
    const copy = new BetterSqlite3(done.copy ?? '', { readonly: true });
    onTestFinished(() => {
      copy.close();
    });
    expect(copy.pragma('user_version', { simple: true })).toBe(last);
    expect(copy.prepare('SELECT key FROM settings').pluck().all()).toEqual(['analyst']);
    expect(statSync(done.copy ?? '').mode & 0o777).toBe(0o600);
  });

  test('a step that fails changes nothing', () => {
    const db = opened(join(temporaryDirectory(), 'assay.db'));
    migrate(db, { keepCopy: false });
    const broken: Migration = {
      version: MIGRATIONS.length + 1,
      name: 'broken',
      up: (target) => {
        target.exec('DROP TABLE settings; CREATE TABLE files (id)');
      },
    };
    expect(() => migrate(db, { keepCopy: false, migrations: [...MIGRATIONS, broken] })).toThrow('already exists');
    expect(names(db)).toContain('settings');
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
  });

  test('a database from the future is refused and stays as it is', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'assay.db');
    const db = opened(file);
    migrate(db, { keepCopy: false });
    db.pragma('user_version = 99');
    db.close();
    const bytes = readFileSync(file);
    await expect(openInlineDatabase(directory)).rejects.toMatchObject({ code: 'DB_FROM_FUTURE' });
    expect(() => openReadable(file)).toThrow('newer version of Assay');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(directory).filter((name) => name.includes('before') || name.includes('damaged'))).toEqual([]);
  });

  test('two starts at once migrate once', async () => {
    const directory = temporaryDirectory();
    const both = await Promise.all([openInlineDatabase(directory), openInlineDatabase(directory)]);
    const ids = await Promise.all(both.map((database) => database.read('databaseMeta', undefined)));
    expect(ids[0]).toEqual(ids[1]);
    await Promise.all(both.map((database) => database.close()));
  });
});
