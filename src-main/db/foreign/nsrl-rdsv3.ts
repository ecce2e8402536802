import { basename } from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadableDb } from '../handles.ts';
import { foreignFault, openForeign, plainTable, quoted } from './open-foreign.ts';

/** One row of PKG with the names its numbers stand for. */
export interface RdsProduct {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly system: string;
  readonly maker: string;
}

/** Names of products, operating systems and makers; the latter two by their numbers as text. */
export interface RdsNames {
  readonly products: readonly RdsProduct[];
  readonly systems: ReadonlyMap<string, string>;
  readonly makers: ReadonlyMap<string, string>;
}

/** What a database says of itself; '' and null where it says nothing. */
export interface RdsEdition {
  readonly version: string;
  readonly buildSet: string;
  readonly description: string;
  /** Seconds since the epoch. */
  readonly releasedAt: number | null;
}

/** Rows of FILE in the order they are stored. */
export interface RdsBatch {
  readonly count: number;
  /** Where to go on after it. */
  readonly last: number;
  /** SHA-256, SHA-1 and MD5 of each row in hex, one after the other without gaps; null when some row has them otherwise. */
  readonly hex: string | null;
  /** `package_id` of each row. */
  readonly packages: readonly number[];
}

/** A row whose digests are not all as they are published; what is absent is ''. */
export interface RdsRow {
  readonly at: number;
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly package: number;
}

/** The highest row number of a published database is far below, and all up to it are told exactly. */
export const MOST_ROWS = 2 ** 48;
/** Rows read by one statement. */
const BATCH_ROWS = 8192;
/** The longest text taken from a cell: what names a product is shorter. */
const MOST_TEXT = 300;
const KINDS = ['sha256', 'sha1', 'md5'] as const;

/**
 * An NSRL RDSv3 database as NIST publishes it: tables FILE, PKG, OS, MFG and VERSION, minimal and full alike
 * (https://www.nist.gov/itl/ssd/software-quality-group/national-software-reference-library-nsrl). Names in any spelling,
 * columns in any order; PKG, OS, MFG and VERSION may be missing, METADATA is read where FILE is a view. Errors of the file
 * are AppErrors.
 */
export class RdsDatabase {
  readonly path: string;
  readonly #db: ReadableDb;
  readonly #table: string;
  readonly #columns: readonly string[];

  constructor(path: string) {
    this.path = path;
    this.#db = openForeign(path);
    try {
      const table = plainTable(this.#db, 'FILE') ?? plainTable(this.#db, 'METADATA');
      if (table === null || !KINDS.some((kind) => table.columns.includes(kind))) {
        throw new AppError(
          'UNREADABLE',
          `${basename(path)} is no NSRL RDSv3 database: it has no table FILE with columns sha256, sha1 or md5. Nothing was imported.`,
        );
      }
      if (table.isWithoutRowid || table.columns.includes('rowid')) {
        throw new AppError(
          'UNREADABLE',
          `${basename(path)} keeps its files without row numbers, which NSRL RDSv3 never does. Nothing was imported.`,
        );
      }
      this.#table = table.name;
      this.#columns = table.columns;
      this.#refuseNumbers();
    } catch (error) {
      this.#db.close();
      throw foreignFault(path, error);
    }
  }

  /** The newest row of VERSION. */
  edition(): RdsEdition {
    const rows = this.#all('VERSION', ['version', 'build_set', 'description', 'release_date']);
    const [version = '', buildSet = '', description = '', released = ''] = rows.at(-1) ?? [];
    const at = Date.parse(`${released.slice(0, 10)}T00:00:00Z`);
    return { version, buildSet, description, releasedAt: Number.isNaN(at) ? null : at / 1000 };
  }

  /** All products, each package once, and what their numbers stand for. */
  names(): RdsNames {
    const makers = new Map(this.#all('MFG', ['manufacturer_id', 'name']).map(([id = '', name = '']) => [id, name]));
    const systems = new Map(
      this.#all('OS', ['operating_system_id', 'name', 'version']).map(([id = '', name = '', version = '']) => [
        id,
        `${name} ${version}`.trim(),
      ]),
    );
    const products = new Map<number, RdsProduct>();
    const columns = ['package_id', 'name', 'version', 'operating_system_id', 'manufacturer_id'];
    for (const [id = '', name = '', version = '', system = '', maker = ''] of this.#all('PKG', columns)) {
      if (!products.has(Number(id))) {
        const named = { name, version, system: systems.get(system) ?? '', maker: makers.get(maker) ?? '' };
        products.set(Number(id), { id: Number(id), ...named });
      }
    }
    return { products: [...products.values()], systems, makers };
  }

  /** The highest row number, to tell how far reading is; 0 for an empty table. */
  lastRow(): number {
    return this.#guard(() => {
      const row = this.#db
        .prepare<[], number | null>(`SELECT max(rowid) FROM ${quoted(this.#table)}`)
        .pluck()
        .get();
      return row ?? 0;
    });
  }

  /** Rows after row `from`, in stored order. */
  *batches(from: number): Generator<RdsBatch> {
    const statement = this.#guard(() =>
      this.#db.prepare<[number], [number, number, string | null, string | null]>(this.#batchSql()).raw(),
    );
    for (let last = from; ;) {
      const row = this.#guard(() => statement.get(last));
      const [count, to, hex, packages] = row ?? [0, 0, null, null];
      if (count === 0) {
        return;
      }
      if (!(to > last)) {
        throw new AppError(
          'UNREADABLE',
          `${basename(this.path)} is damaged: its rows are not in order. Nothing was imported.`,
        );
      }
      last = to;
      const isSound = hex?.length === count * 136;
      yield { count, last, hex: isSound ? hex : null, packages: (packages ?? '').split(' ').map(Number) };
    }
  }

  /** The rows after `from` up to `to` one by one. */
  rows(from: number, to: number): readonly RdsRow[] {
    const [sha256, sha1, md5] = KINDS.map((kind) => `CAST(${this.#cell(kind)} AS TEXT)`);
    const sql = `SELECT rowid AS at, ${sha256} AS sha256, ${sha1} AS sha1, ${md5} AS md5, ${this.#package()} AS package
      FROM ${quoted(this.#table)} WHERE rowid > ? AND rowid <= ? ORDER BY rowid`;
    return this.#guard(() => this.#db.prepare<[number, number], RdsRow>(sql).all(from, to));
  }

  close(): void {
    this.#db.close();
  }

  /** Rows are read from number 1 on, and numbers beyond what a number tells exactly would be told wrong. */
  #refuseNumbers(): void {
    const table = quoted(this.#table);
    const sql = `SELECT (SELECT min(rowid) FROM ${table}), (SELECT max(rowid) FROM ${table})`;
    const [least, most] = this.#db.prepare<[], [number | null, number | null]>(sql).raw().get() ?? [null, null];
    if ((least ?? 1) < 1 || (most ?? 1) > MOST_ROWS) {
      throw new AppError(
        'UNREADABLE',
        `${basename(this.path)} numbers its files from ${least} to ${most}, which NSRL RDSv3 never does. Nothing was imported.`,
      );
    }
  }

  #batchSql(): string {
    const [sha256, sha1, md5] = KINDS.map((kind) => (this.#columns.includes(kind) ? kind : 'NULL'));
    // Rows of another shape leave a gap, which shows in the length of the whole.
    return `SELECT count(*), max(r),
        group_concat(CASE WHEN octet_length(a) = 64 AND octet_length(b) = 40 AND octet_length(c) = 32 THEN a || b || c END, ''),
        group_concat(p, ' ')
      FROM (SELECT rowid AS r, ${sha256} AS a, ${sha1} AS b, ${md5} AS c, ${this.#package()} AS p
        FROM ${quoted(this.#table)} WHERE rowid > ? ORDER BY rowid LIMIT ${BATCH_ROWS})`;
  }

  /** A digest as text of bounded length, '' where there is none: what is longer than a digest shows as such. */
  #cell(column: string): string {
    return this.#columns.includes(column) ? `coalesce(substr(${column}, 1, 65), '')` : "''";
  }

  #package(): string {
    return this.#columns.includes('package_id') ? 'CAST(package_id AS INTEGER)' : '0';
  }

  /** Rows of a table as bounded texts; none where the table is missing or lacks its first two columns. */
  #all(name: string, columns: readonly string[]): readonly (readonly string[])[] {
    return this.#guard(() => {
      const table = plainTable(this.#db, name);
      if (table === null || !columns.slice(0, 1).every((column) => table.columns.includes(column))) {
        return [];
      }
      const cells = columns.map((column) =>
        table.columns.includes(column) ? `coalesce(substr(CAST(${column} AS TEXT), 1, ${MOST_TEXT}), '')` : "''",
      );
      return this.#db
        .prepare<[], string[]>(`SELECT ${cells.join(', ')} FROM ${quoted(table.name)}`)
        .raw()
        .all();
    });
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw foreignFault(this.path, error);
    }
  }
}
