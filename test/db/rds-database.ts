/** Databases in the published form of the NSRL RDSv3. */
import { createHash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';

export const SCHEMA = `
  CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL, crc32 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL,
    CONSTRAINT PK_FILE__FILE PRIMARY KEY (sha256, sha1, md5, crc32, file_name, file_size, package_id));
  CREATE TABLE MFG (manufacturer_id INTEGER NOT NULL, name VARCHAR NOT NULL,
    CONSTRAINT PK_MFG__MFG_ID PRIMARY KEY (manufacturer_id));
  CREATE TABLE OS (operating_system_id INTEGER NOT NULL, name VARCHAR NOT NULL, version VARCHAR NOT NULL,
    manufacturer_id INTEGER NOT NULL, CONSTRAINT PK_OS__OS_ID PRIMARY KEY (operating_system_id, manufacturer_id));
  CREATE TABLE PKG (package_id INTEGER NOT NULL, name VARCHAR NOT NULL, version VARCHAR NOT NULL,
    operating_system_id INTEGER NOT NULL, manufacturer_id INTEGER NOT NULL, language VARCHAR NOT NULL,
    application_type VARCHAR NOT NULL,
    CONSTRAINT PK_PGK__PKG_ID PRIMARY KEY (package_id, operating_system_id, manufacturer_id, language, application_type));
  CREATE TABLE VERSION (version VARCHAR UNIQUE NOT NULL, build_set VARCHAR NOT NULL,
    build_date TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL, release_date TIMESTAMP NOT NULL,
    description VARCHAR NOT NULL, CONSTRAINT PK_VERSION__VERSION PRIMARY KEY (version));
  CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5, crc32 FROM FILE;`;

const NAMES = `
  INSERT INTO VERSION VALUES ('2026.09.1', 'RDS_2026.09.1_modern_minimal', '2026-09-01 00:00:00', '2026-09-15 00:00:00', 'modern minimal');
  INSERT INTO MFG VALUES (7, 'Contoso'), (8, 'Fabrikam');
  INSERT INTO OS VALUES (3, 'Windows', '11', 7), (4, 'Debian', '', 8);
  INSERT INTO PKG VALUES (501, 'Writer', '2.1', 3, 7, 'English', 'Editor'), (502, 'Reader', '9', 4, 8, 'German', 'Viewer'),
    (502, 'Reader', '9', 3, 8, 'French', 'Viewer'), (503, 'Player', '0.3', 3, 7, 'English', 'Media'),
    (504, 'Painter', '5', 3, 7, 'English', 'Graphics');`;

export const digestOf = (kind: 'md5' | 'sha1' | 'sha256', seed: number): string =>
  createHash(kind).update(`rds ${seed}`).digest('hex');

/** A row of FILE as SQL; digests in capitals, as they are published. */
export function fileRow(seed: number, packageId: number, name = `file ${seed}.dll`): string {
  const [sha256, sha1, md5] = (['sha256', 'sha1', 'md5'] as const).map((kind) => digestOf(kind, seed).toUpperCase());
  return `('${sha256}','${sha1}','${md5}','0A1B2C3D','${name.replaceAll("'", "''")}',${seed},${packageId})`;
}

/** Lets SQLite itself run statements on a database. */
export function changeRds(path: string, sql: string): void {
  const db = opened(path);
  db.exec(sql);
  db.close();
}

/** Makes a database; `change` gets a say after the tables are filled. */
export function makeRds(path: string, rows: readonly string[], change = ''): string {
  const db = opened(path);
  db.exec(SCHEMA + NAMES);
  db.transaction(() => {
    for (let from = 0; from < rows.length; from += 500) {
      db.exec(`INSERT INTO FILE VALUES ${rows.slice(from, from + 500).join()}`);
    }
  })();
  db.exec(change);
  db.close();
  return path;
}

/** What a test makes outlives no crash, so that nothing waits for the disk. The file is the same. */
function opened(path: string): BetterSqlite3.Database {
  const db = new BetterSqlite3(path);
  db.pragma('synchronous = OFF');
  db.pragma('journal_mode = MEMORY');
  return db;
}
