/** A database of any size in the published form of the NSRL RDSv3, with random digests: for measurements. */
import BetterSqlite3 from 'better-sqlite3';
import { SCHEMA } from './rds-database.ts';

/** Rows are all of different files, in 30,000 packages. */
export function makeLargeRds(path: string, rows: number): void {
  const db = new BetterSqlite3(path);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  // The key of the published table is as large as the table and is never read: it is left out here.
  db.exec(SCHEMA.replace(/,\s*CONSTRAINT PK_FILE__FILE PRIMARY KEY \([^)]*\)/, ''));
  db.exec(`
    INSERT INTO VERSION VALUES ('2026.09.1', 'RDS', '2026-09-01 00:00:00', '2026-09-15 00:00:00', 'modern minimal');
    INSERT INTO MFG VALUES (1, 'Contoso'), (2, 'Fabrikam');
    INSERT INTO OS VALUES (1, 'Windows', '11', 1), (2, 'Debian', '12', 2);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    INSERT INTO PKG SELECT i, 'Product ' || i, '1.' || (i % 9), 1 + i % 2, 1 + i % 2, 'English', 'Editor' FROM n;`);
  const fill = db.prepare(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO FILE SELECT hex(randomblob(32)), hex(randomblob(20)), hex(randomblob(16)), hex(randomblob(4)),
      'Program Files/vendor/file' || i || '.dll', i % 100000, 1 + abs(random()) % 30000 FROM n`);
  fill.run(rows);
  db.close();
}
