import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { openInlineDatabase } from '#main/db/client.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { HexDigest } from '#shared/domain/hash.ts';

const SOURCES = [1, 2, 5] as const;
const BATCH = 50_000;

function itemsOf(file: number): ItemRecord[] {
  const sha256 = createHash('sha256').update(`file ${file}`).digest('hex') as HexDigest;
  return SOURCES.map((source) => ({
    digests: { sha256 },
    source,
    status: file % 10 === 0 ? 4 : 2,
    noAnswer: null,
    score: file % 70,
    threat: file % 10 === 0 ? `Trojan.Generic.${file % 500}` : null,
    rawCode: file % 10 === 0 ? `${file % 70}/70` : null,
    firstSeen: 1_700_000_000 + file,
    scannedAt: 1_760_000_000 + file,
  }));
}

/** Bytes on disk per item: ours, and a table that differs only in being keyed by hex text. */
export async function bytesPerItem(files: number): Promise<{ readonly own: number; readonly text: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bytes-'));
  try {
    const count = files * SOURCES.length;
    return { own: (await loadOwn(folder, files)) / count, text: loadText(folder, files) / count };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function loadOwn(folder: string, files: number): Promise<number> {
  const database = await openInlineDatabase(join(folder, 'own'));
  for (let from = 0; from < files; from += BATCH) {
    const items = Array.from({ length: Math.min(BATCH, files - from) }, (_, at) => itemsOf(from + at)).flat();
    items.sort((a, b) => ((a.digests.sha256 ?? '') < (b.digests.sha256 ?? '') ? -1 : 1));
    await database.write('importItems', { items, at: 1_770_000_000 }, 'bulk');
  }
  // The feed of changes is pruned once everybody has read it: it is no part of what an item costs.
  await database.write('pruneChanges', { upTo: await database.read('lastSeq', undefined) });
  await database.close();
  const db = new BetterSqlite3(database.file);
  db.exec('VACUUM');
  db.close();
  return statSync(database.file).size;
}

function loadText(folder: string, files: number): number {
  const file = join(folder, 'text.db');
  const db = new BetterSqlite3(file);
  db.pragma('journal_mode = OFF');
  db.exec(`CREATE TABLE threat_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE items (
    hash TEXT NOT NULL, source INTEGER NOT NULL, status INTEGER NOT NULL, no_answer INTEGER, score REAL,
    threat_id INTEGER, raw_code TEXT, first_seen INTEGER, scanned_at INTEGER, next_scan_at INTEGER, asked_day INTEGER,
    created_at INTEGER NOT NULL, PRIMARY KEY (hash, source))`);
  const insert = db.prepare('INSERT INTO items VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, NULL, NULL, ?)');
  const threats = new Map<string, number>();
  const addThreat = db.prepare('INSERT INTO threat_names (name) VALUES (?)');
  const threatId = (name: string): number => {
    const id = threats.get(name) ?? Number(addThreat.run(name).lastInsertRowid);
    threats.set(name, id);
    return id;
  };
  db.transaction(() => {
    for (let at = 0; at < files; at += 1) {
      for (const item of itemsOf(at)) {
        insert.run(
          item.digests.sha256,
          item.source,
          item.status,
          item.score,
          item.threat === null ? null : threatId(item.threat),
          item.rawCode,
          item.firstSeen,
          item.scannedAt,
          1_770_000_000,
        );
      }
    }
  })();
  db.exec('VACUUM');
  db.close();
  return statSync(file).size;
}
