import { existsSync, renameSync, rmSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { digestKey, NOT_ASKED } from '../codes.ts';
import type { WritableDb } from '../handles.ts';
import { migrate } from '../migrate.ts';
import { openWritable } from '../open.ts';
import { HIGHEST_GONE_FILE } from '../repositories/life/file-ids.ts';
import { SEEN_FLIPS } from '../repositories/life/history.ts';
import { setMetaValue } from '../repositories/meta.ts';
import { repairAsking } from '../repositories/asking/repair.ts';
import { repairMetrics } from '../repositories/metrics/repair.ts';
import { repairSync } from '../repositories/sync/repair.ts';
import { COUNT_DIGESTS, COUNT_FILES } from '../repositories/counters.ts';
import { openPages, type PageFile } from './page-file.ts';
import { pageOwners } from './page-owners.ts';
import type { SalvagedTable, SalvageReport } from './salvage-report.ts';
import { readTables, type TableShape } from './table-shapes.ts';
import { INDEX_INNER, INDEX_LEAF, rowsOn, TABLE_INNER, TABLE_LEAF, treeType, type TreeRow } from './tree-page.ts';

/** Tables that are made anew from others, or that start afresh, and so are not read off the damaged file. */
const DERIVED = new Set(['digest_keys', 'hash_list_keys', 'counters', 'changes', 'meta']);
const SIDE_FILES = ['', '-wal', '-shm'] as const;
/** Added to the newest change that can be read, so that no number is ever given twice. */
const SEQ_GAP = 1_000_000;

/**
 * Replaces a damaged database: reads what can be read row by row, straight off the pages, into a new database, and keeps
 * the damaged files beside it. The caller has the directory alone. A copy that was kept earlier is never touched.
 */
export function salvage(file: string, reason: string, now: number): SalvageReport {
  const rescued = rescuedFile(file);
  const part = `${rescued}.part`;
  removeAll(part);
  const tables = existsSync(file) ? rescueInto(file, part) : [];
  if (!existsSync(file)) {
    makeEmpty(part);
  }
  renameSync(part, rescued);
  const keptAt = keepDamaged(file, now);
  renameSync(rescued, file);
  return { reason, keptAt, tables };
}

/** Puts a finished rescue in place that was interrupted just before its last step. */
export function finishRescue(file: string): void {
  if (!existsSync(file) && existsSync(rescuedFile(file))) {
    renameSync(rescuedFile(file), file);
  }
}

function rescuedFile(file: string): string {
  return `${file}.rescued`;
}

function keepDamaged(file: string, now: number): string | null {
  let keptAt = `${file}.damaged-${now}`;
  for (let attempt = 2; existsSync(keptAt); attempt += 1) {
    keptAt = `${file}.damaged-${now}-${attempt}`;
  }
  const had = existsSync(file);
  // The database itself goes last: until then the next start sees damage and begins again.
  for (const suffix of SIDE_FILES.toReversed()) {
    if (existsSync(file + suffix)) {
      renameSync(file + suffix, keptAt + suffix);
    }
  }
  return had ? keptAt : null;
}

function removeAll(file: string): void {
  for (const suffix of SIDE_FILES) {
    rmSync(file + suffix, { force: true });
  }
}

function makeEmpty(part: string): void {
  const db = openWritable(part);
  migrate(db, { keepCopy: false });
  db.close();
}

function rescueInto(file: string, part: string): SalvagedTable[] {
  const pages = openPages(file);
  const db = openWritable(part);
  try {
    migrate(db, { keepCopy: false });
    const shapes = readTables(pages, db);
    const report = db.transaction(() => copyTables(pages, db, shapes))();
    return report;
  } catch (error) {
    throw new AppError(
      'DB_DAMAGED',
      `${file} is damaged and could not be rescued (${(error as Error).message}). It was left as it is. Restore a backup.`,
      { cause: error },
    );
  } finally {
    db.close();
    pages.close();
  }
}

function copyTables(pages: PageFile, db: WritableDb, shapes: readonly TableShape[]): SalvagedTable[] {
  const owners = pageOwners(
    pages,
    shapes.map((shape) => shape.root),
  );
  const pagesOf = new Map<number, number[]>();
  owners.forEach((root, page) => {
    const own = pagesOf.get(root);
    if (own === undefined) {
      pagesOf.set(root, [page]);
    } else {
      own.push(page);
    }
  });
  const counters = new Map<string, number>();
  let seq = 0;
  const report: SalvagedTable[] = [];
  for (const shape of shapes) {
    const own = pagesOf.get(shape.root) ?? [];
    if (!DERIVED.has(shape.name)) {
      report.push(copyTable(pages, db, shape, own));
    } else {
      for (const row of own.flatMap((page) => rowsOn(pages, page).rows)) {
        const values = columnsOf(shape, row);
        if (shape.name === 'counters' && typeof values['name'] === 'string') {
          counters.set(values['name'], Number(values['amount']));
        } else if (shape.name === 'changes') {
          seq = Math.max(seq, Number(values['seq'] ?? 0));
        } else if (shape.name === 'meta' && KEPT_META.has(String(values['key']))) {
          setMetaValue(db, { key: String(values['key']), value: String(values['value']) });
        }
      }
    }
  }
  deriveAgain(db, seq);
  return report
    .map((table) => ({ ...table, saved: db.prepare(`SELECT count(*) FROM "${table.table}"`).pluck().get() as number }))
    .map((table) => ({ ...table, lost: lostOf(table, counters) }));
}

/** The new database has an id of its own; the stamp of simulated data, and which file ids were used, must survive. */
const KEPT_META: ReadonlySet<string> = new Set([
  'simulated',
  'created_at',
  'created_by',
  SEEN_FLIPS,
  HIGHEST_GONE_FILE,
]);

function copyTable(pages: PageFile, db: WritableDb, shape: TableShape, own: readonly number[]): SalvagedTable {
  const names = shape.columns.map((column) => `"${column}"`);
  const insert = db.prepare(
    `INSERT OR IGNORE INTO "${shape.name}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  let saved = 0;
  let lost: number | null = 0;
  for (const number of own) {
    const page = pages.page(number);
    const type = page === null ? 0 : treeType(page, number);
    const fits = shape.hasRowid
      ? type === TABLE_LEAF || type === TABLE_INNER
      : type === INDEX_LEAF || type === INDEX_INNER;
    if (!fits) {
      lost = null;
      continue;
    }
    const { rows, unreadable } = rowsOn(pages, number);
    lost = lost === null ? null : lost + unreadable;
    for (const row of rows) {
      const values = columnsOf(shape, row);
      try {
        saved += insert.run(shape.columns.map((column) => values[column] ?? null)).changes;
      } catch {
        // Values no version ever wrote: counted as lost, not guessed at.
        lost = lost === null ? null : lost + 1;
      }
    }
  }
  return { table: shape.name, saved, lost: own.length === 0 ? null : lost };
}

function columnsOf(shape: TableShape, row: TreeRow): Record<string, TreeRow['values'][number]> {
  const values: Record<string, TreeRow['values'][number]> = {};
  shape.stored.forEach((column, index) => {
    const stored = index < row.values.length ? row.values[index] : shape.defaults[column];
    values[column] = column === shape.rowidColumn ? row.rowid : (stored ?? null);
  });
  return values;
}

function lostOf(table: SalvagedTable, counters: ReadonlyMap<string, number>): number | null {
  const expected =
    table.table === 'files'
      ? counters.get(COUNT_FILES)
      : table.table === 'items'
        ? [...counters].reduce((sum, [name, amount]) => (name.startsWith('items:') ? sum + amount : sum), 0)
        : undefined;
  return expected === undefined || counters.size === 0 ? table.lost : Math.max(0, expected - table.saved);
}

/** Keys, counters and the feed, from the rows that were saved. */
function deriveAgain(db: WritableDb, seq: number): void {
  for (const table of ['items', 'item_history', 'disagreements', 'asked_stage']) {
    db.exec(`DELETE FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.id = ${table}.file_id)`);
  }
  for (const [table, column] of [
    ['items', 'threat_id'],
    ['item_history', 'threat_id'],
    ['item_history', 'old_threat_id'],
  ]) {
    db.exec(
      `UPDATE ${table} SET ${column} = NULL WHERE ${column} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM threat_names WHERE threat_names.id = ${table}.${column})`,
    );
  }
  for (const [table, keys, column] of [
    ['files', 'digest_keys', 'file_id'],
    ['hash_list', 'hash_list_keys', 'entry_id'],
  ] as const) {
    const insert = db.prepare(`INSERT OR IGNORE INTO ${keys} (key, ${column}) VALUES (?, ?)`);
    const rows = db.prepare(`SELECT id, md5, sha1, sha256 FROM ${table}`).all() as Record<string, unknown>[];
    for (const { id, ...digests } of rows) {
      for (const digest of Object.values(digests)) {
        if (digest !== null) {
          insert.run(digestKey(digest as Buffer), id);
        }
      }
    }
  }
  db.prepare('INSERT INTO counters SELECT ?, count(*) FROM files').run(COUNT_FILES);
  db.prepare('INSERT INTO counters SELECT ?, count(md5) + count(sha1) + count(sha256) FROM files').run(COUNT_DIGESTS);
  db.exec(
    `INSERT INTO counters SELECT 'items:' || source || ':' || status, count(*) FROM items GROUP BY source, status;
     INSERT INTO counters SELECT 'unasked:' || source, count(*) FROM items WHERE no_answer = ${NOT_ASKED} GROUP BY source`,
  );
  // No change gets a number up to which changes were looked at already: nobody would hear of it.
  db.exec(
    `INSERT INTO item_history (id, file_id, source, from_at, at, old_status, status, flip)
       SELECT CAST(value AS INTEGER), 0, 0, 0, 0, 0, 0, 0 FROM meta WHERE key = '${SEEN_FLIPS}'
         AND CAST(value AS INTEGER) > (SELECT coalesce(max(id), 0) FROM item_history);
     DELETE FROM item_history WHERE file_id = 0`,
  );
  repairAsking(db);
  repairSync(db);
  repairMetrics(db);
  const judged = db.prepare('SELECT coalesce(max(judged_seq), 0) FROM intakes').pluck().get() as number;
  // One change far ahead of all that were: whoever followed the old feed finds a gap and looks at everything again.
  db.prepare('INSERT INTO changes (seq, kind, id) VALUES (?, 4, 0)').run(Math.max(seq, judged) + SEQ_GAP);
}
