import { copyFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeltaUnclear } from '#main/db/foreign/delta-tokens.ts';
import { BaseUnfit } from '#main/db/foreign/overlay-tables.ts';
import { readDelta } from '#main/db/foreign/rds-delta.ts';
import { CannotApply, RdsOverlay } from '#main/db/foreign/rds-overlay.ts';
import { changeRds, fileRow, makeRds } from './rds-database.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-overlay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

interface Outcome {
  /** The line that was refused, if any. */
  readonly line: number | null;
  /** Rows of FILE and PKG with their numbers, every value with its type, where nothing was refused. */
  readonly rows: readonly string[];
}

const CELLS = ['sha256', 'sha1', 'md5', 'file_name', 'file_size', 'package_id'];
const ofRow = (columns: readonly string[]): string =>
  `rowid || ': ' || ${columns.map((column) => `quote("${column}")`).join(" || ',' || ")}`;
const rowsOf = (path: string, sql: string): string[] => {
  const db = new BetterSqlite3(path, { readonly: true });
  try {
    return db.prepare(sql).pluck().all() as string[];
  } finally {
    db.close();
  }
};
const readFile = (more: readonly string[]): string => `SELECT ${ofRow([...CELLS, ...more])} FROM FILE`;
const readPackages = `SELECT 'PKG ' || ${ofRow(['package_id', 'name'])} FROM PKG`;

/** What the overlay says that the base is after these lines. */
async function overlaid(lines: readonly string[], more: readonly string[]): Promise<Outcome> {
  rmSync(at('overlay.db'), { force: true });
  const overlay = new RdsOverlay(at('base.db'), at('overlay.db'), () => undefined);
  try {
    const text = (async function* () {
      yield await Promise.resolve(Buffer.from(lines.join('\n')));
    })();
    for await (const statement of readDelta(text, { isExact: true })) {
      overlay.take(statement);
    }
    overlay.finish();
  } catch (error) {
    if (error instanceof CannotApply || error instanceof DeltaUnclear) {
      return { line: error.line, rows: [] };
    }
    throw error;
  } finally {
    overlay.close();
  }
  const gone = rowsOf(at('overlay.db'), 'SELECT row FROM gone').join();
  const rows = [
    ...rowsOf(at('base.db'), `${readFile(more)} WHERE rowid NOT IN (${gone})`),
    ...rowsOf(at('overlay.db'), readFile(more)),
    ...rowsOf(at('overlay.db'), readPackages),
  ];
  return { line: null, rows: rows.sort() };
}

/** What SQLite makes of the base with these lines. */
function applied(lines: readonly string[], more: readonly string[]): Outcome {
  copyFileSync(at('base.db'), at('whole.db'));
  const db = new BetterSqlite3(at('whole.db'));
  try {
    db.pragma('synchronous = OFF');
    for (const [place, line] of lines.entries()) {
      try {
        db.exec(line);
      } catch {
        return { line: place + 1, rows: [] };
      }
    }
  } finally {
    db.close();
  }
  const rows = [...rowsOf(at('whole.db'), readFile(more)), ...rowsOf(at('whole.db'), readPackages)];
  return { line: null, rows: rows.sort() };
}

const TEXTS = ["'a'", "'A'", "'b'", "'1'", "'01'", "'1.0'", "''", 'NULL'];
const NUMBERS = ['1', '2', '01', '+1', '-1', '1.0', '1.50', '0.25', '9007199254740993'];
const value = fc.constantFrom(...TEXTS, ...NUMBERS, ...NUMBERS.slice(0, 2), ...TEXTS.slice(0, 3));
const type = fc.constantFrom('VARCHAR', 'TEXT', 'INTEGER', 'NUMERIC', 'REAL', 'VARCHAR(8)');
const key = fc.shuffledSubarray(CELLS, { minLength: 1, maxLength: 3 });
const column = fc.constantFrom(...CELLS);

/** Tables that hold rows apart in ways of their own. */
const schema = fc
  .record({
    types: fc.tuple(type, type, type, type, type, type),
    needed: fc.option(column),
    otherwise: fc.option(column),
    keys: fc.uniqueArray(key, { maxLength: 2, selector: (columns) => columns.toSorted().join() }),
    isIndex: fc.boolean(),
    number: fc.constantFrom('', 'id INTEGER PRIMARY KEY,', 'ID INTEGER PRIMARY KEY DESC,'),
  })
  .map(({ types, needed, otherwise, keys, isIndex, number }) => {
    const columns = CELLS.map(
      (name, place) =>
        `${place % 2 === 0 ? name : `"${name.toUpperCase()}"`} ${types[place]}${name === needed ? ' NOT NULL' : ''}${name === otherwise ? " DEFAULT '1'" : ''}`,
    );
    const unique = isIndex ? [] : keys.map((names) => `, UNIQUE (${names.join()})`);
    const indexes = isIndex
      ? keys.map((names, place) => `CREATE UNIQUE INDEX u${place} ON File (${names.join()});`)
      : [];
    return {
      sql: `CREATE TABLE "File" (${number}${columns.join()}${unique.join('')});${indexes.join('')}
        CREATE TABLE PKG (package_id INTEGER NOT NULL, name VARCHAR, PRIMARY KEY (package_id));`,
      more: number === '' ? [] : ['id'],
      numbers: number === '' ? ['rowid'] : ['rowid', 'id'],
    };
  });

const condition = fc.oneof(
  fc.tuple(column, fc.constantFrom('=', '<>', '>', '<=', 'IS', 'IS NOT'), value).map((parts) => parts.join(' ')),
  fc.tuple(column, value, value).map(([name, one, other]) => `${name} IN (${one},${other})`),
  fc.tuple(column, value, column, value).map(([a, one, b, other]) => `(${a}=${one} OR "${b}"=${other}) AND rowid > 1`),
  fc.integer({ min: 1, max: 8 }).map((row) => `rowid = ${row}`),
  fc.integer({ min: 1, max: 5 }).map((row) => `rowid BETWEEN ${row} AND ${row + 2}`),
);

/** A row with all columns or some, and with a number or without. */
const row = (numbers: readonly string[]) =>
  fc
    .tuple(fc.shuffledSubarray(CELLS, { minLength: 4 }), fc.tuple(value, value, value, value, value, value))
    .chain(([columns, values]) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant({ columns, values: values.slice(0, columns.length) }) },
        fc
          .tuple(fc.constantFrom(...numbers), fc.constantFrom('NULL', '1', '3', "'4'", '7', '12'))
          .map(([name, number]) => ({
            columns: [name, ...columns],
            values: [number, ...values.slice(0, columns.length)],
          })),
      ),
    )
    .map(({ columns, values }) => `(${columns.join()}) VALUES (${values.join()})`);

const how = fc.constantFrom('INSERT INTO', 'INSERT OR IGNORE INTO', 'INSERT OR REPLACE INTO', 'REPLACE INTO');
const statement = (numbers: readonly string[]) =>
  fc.oneof(
    fc.tuple(how, row(numbers)).map(([verb, values]) => `${verb} FILE ${values};`),
    fc.tuple(how, row(['rowid'])).map(([verb, values]) => `${verb} main."file" ${values};`),
    condition.map((where) => `DELETE FROM File WHERE ${where};`),
    fc.tuple(column, value, condition).map(([name, to, where]) => `UPDATE FILE SET ${name}=${to} WHERE ${where};`),
    fc
      .tuple(fc.shuffledSubarray(CELLS, { minLength: 2, maxLength: 3 }), value, value, value, condition)
      .map(([names, ...rest]) => {
        const set = names.map((name, place) => `"${name}"=${String(rest[place])}`).join();
        return `UPDATE FILE SET ${set} WHERE ${rest[3]};`;
      }),
    // Rows below number 1 are refused, as no published database has them.
    fc
      .tuple(fc.constantFrom('1', '4', "'6'", '9', 'NULL', '1.5', "'x'"), condition)
      .map(([to, where]) => `UPDATE FILE SET ${numbers.at(-1) === 'id' ? 'id' : 'file_size'}=${to} WHERE ${where};`),
    fc.tuple(how, value).map(([verb, id]) => `${verb} PKG VALUES (${id},'p');`),
    value.map((id) => `UPDATE PKG SET package_id=${id} WHERE name='p';`),
  );

it('comes to the rows that SQLite comes to, and refuses the statement that SQLite refuses', async () => {
  const cases = schema.chain(({ sql, more, numbers }) =>
    fc.record({
      sql: fc.constant(sql),
      more: fc.constant(more),
      rows: fc.array(row(numbers), { maxLength: 8 }),
      lines: fc.array(statement(numbers), { minLength: 1, maxLength: 8 }),
    }),
  );
  let refused = 0;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ sql, more, rows, lines }) => {
      rmSync(at('base.db'), { force: true });
      changeRds(at('base.db'), sql);
      for (const values of rows) {
        try {
          changeRds(at('base.db'), `INSERT OR IGNORE INTO FILE ${values};`);
        } catch {
          // A number of another type than numbers have: the base has no such row.
        }
      }
      const whole = applied(lines, more);
      expect(await overlaid(lines, more)).toEqual(whole);
      refused += whole.line === null ? 0 : 1;
      taken += whole.line === null ? 1 : 0;
    }),
    { numRuns: 200 },
  );
  // Both were proved.
  expect(refused).toBeGreaterThan(20);
  expect(taken).toBeGreaterThan(20);
});

describe('a base that holds rows apart in a way that cannot be followed', () => {
  it.each([
    ['a trigger', 'CREATE TRIGGER t AFTER INSERT ON FILE BEGIN DELETE FROM PKG; END;', /it has a trigger \(t\)/],
    ['a partial index', 'CREATE UNIQUE INDEX u ON FILE (md5) WHERE file_size > 3;', /its FILE are unique .*\(u\)/],
    ['an index of expressions', 'CREATE UNIQUE INDEX u ON MFG (lower(name));', /its MFG are unique .*\(u\)/],
    ['an index that folds case', 'CREATE UNIQUE INDEX u ON OS (name COLLATE NOCASE);', /its OS are unique .*\(u\)/],
    ['checks', 'DROP TABLE MFG; CREATE TABLE MFG (manufacturer_id INTEGER, name VARCHAR CHECK (name > 1));', /CHECK/],
    [
      'another order',
      'DROP TABLE MFG; CREATE TABLE MFG (name VARCHAR COLLATE NOCASE);',
      /its MFG is made with COLLATE/,
    ],
    ['numbers of its own', 'DROP TABLE MFG; CREATE TABLE MFG (id INTEGER PRIMARY KEY AUTOINCREMENT);', /AUTOINCREMENT/],
    ['answers of its own', 'DROP TABLE MFG; CREATE TABLE MFG (id INTEGER UNIQUE ON CONFLICT IGNORE);', /CONFLICT/],
    [
      'a column by the name of row numbers',
      'DROP TABLE MFG; CREATE TABLE MFG (oid INTEGER, name VARCHAR);',
      /its MFG has a column oid/,
    ],
    ['columns worked out', 'ALTER TABLE PKG ADD COLUMN x AS (name || 1);', /columns of its PKG are worked out/],
    [
      'defaults worked out',
      'DROP TABLE MFG; CREATE TABLE MFG (name VARCHAR DEFAULT (1 + 1));',
      /has a default that is worked/,
    ],
    [
      'no row numbers',
      'DROP TABLE MFG; CREATE TABLE MFG (id INTEGER PRIMARY KEY) WITHOUT/**/ROWID;',
      /its MFG has no row/,
    ],
  ])('is refused: %s', async (_what, change, reason) => {
    rmSync(at('base.db'), { force: true });
    makeRds(at('base.db'), [], change);
    const refused = overlaid(["DELETE FROM PKG WHERE name='x';"], []);
    await expect(refused).rejects.toThrow(reason);
    await expect(refused).rejects.toBeInstanceOf(BaseUnfit);
  });
});

describe('a statement that does more than it seems to, or less', () => {
  beforeAll(() => {
    rmSync(at('base.db'), { force: true });
    makeRds(at('base.db'), [fileRow(1, 501), fileRow(2, 501)]);
  });
  const many = Array.from({ length: 40_000 }, (_, n) => n).join();

  it.each([
    ['makes a trigger', 'CREATE TRIGGER t AFTER INSERT ON FILE BEGIN SELECT 1; END;'],
    ['hides a table', 'CREATE TEMP TABLE FILE (a);'],
    ['is about a hidden table', 'DELETE FROM temp.FILE WHERE rowid=1;'],
    ['makes rows unique', 'CREATE UNIQUE INDEX u ON FILE (md5);'],
    ['lets foreign keys count', 'PRAGMA foreign_keys = ON;'],
    ['lets foreign keys count, in other words', 'PRAGMA main.foreign_keys(1);'],
    ['leaves INTO out', "INSERT MFG VALUES(9,'x');"],
    ['leaves FROM out', 'DELETE FILE WHERE rowid=1;'],
    [
      'numbers a row 0',
      `INSERT INTO FILE(rowid,sha256,sha1,md5,crc32,file_name,file_size,package_id) VALUES(0,1,1,1,1,1,1,1);`,
    ],
    ['numbers a row twice', 'INSERT INTO FILE(rowid,rowid) VALUES(1,2);'],
    ['asks for more values than can be', `DELETE FROM FILE WHERE file_size IN (${many});`],
    ['writes a number that is rounded', 'INSERT INTO MFG VALUES(9,1.2345678901234567);'],
    ['writes a number beyond all whole ones', 'INSERT INTO MFG VALUES(9,9223372036854775808);'],
  ])('is refused: %s', async (_what, line) => {
    expect(await overlaid(['', line], [])).toEqual({ line: 2, rows: [] });
  });

  it('is refused where it drops an index that keeps rows apart, and passed over otherwise', async () => {
    expect((await overlaid(['DROP INDEX x;', "UPDATE MFG SET name='m';"], [])).line).toBeNull();
    changeRds(at('base.db'), 'CREATE UNIQUE INDEX x ON MFG (name);');
    expect((await overlaid(['DROP INDEX x;'], [])).line).toBe(1);
    changeRds(at('base.db'), 'DROP INDEX x;');
  });

  it('is not passed over behind what looks like a remark', async () => {
    const lines = [`DELETE FROM x WHERE a="--"; DELETE FROM FILE WHERE rowid=1;`, "UPDATE PKG SET name='p; -- q';"];
    const both = await overlaid(lines, []);
    expect(both.rows.filter((row) => !row.startsWith('PKG'))).toEqual([expect.stringMatching(/^2: /)]);
    expect(both.rows.filter((row) => row.endsWith("'p; -- q'"))).toHaveLength(5);
  });

  it('is refused where its text would be read as another one', async () => {
    rmSync(at('overlay.db'), { force: true });
    const text = (async function* () {
      yield await Promise.resolve(Buffer.from("DELETE FROM FILE WHERE file_name='\xe9';", 'latin1'));
    })();
    const read = async (isExact: boolean): Promise<number> => {
      let count = 0;
      for await (const { line } of readDelta(text, { isExact })) {
        count += line;
      }
      return count;
    };
    await expect(read(true)).rejects.toThrow('line 1 or one after it holds text that is not UTF-8');
  });
});
