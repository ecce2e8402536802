import type { DeltaOther, DeltaRow } from '../../../db/foreign/rds-delta.ts';
import type { ProductName } from '../../../intakes/keys/product-layout.ts';
import type { KeyStore } from '../key-store.ts';
import type { RdsNumbers } from './rds-names.ts';
import { RdsRows } from './rds-rows.ts';

/** Columns of the published tables, where a statement names none. */
const COLUMNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  FILE: [
    ['sha256', 'sha1', 'md5', 'crc32', 'file_name', 'file_size', 'package_id'],
    ['sha256', 'sha1', 'md5', 'file_name', 'file_size', 'package_id'],
  ],
  PKG: [['package_id', 'name', 'version', 'operating_system_id', 'manufacturer_id', 'language', 'application_type']],
  OS: [['operating_system_id', 'name', 'version', 'manufacturer_id']],
  MFG: [['manufacturer_id', 'name']],
  VERSION: [['version', 'build_set', 'build_date', 'release_date', 'description']],
};

/** A statement that a compiled set cannot follow. */
export class CannotFollow extends Error {
  readonly line: number;
  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly system: string;
  readonly maker: string;
}

/**
 * Takes the statements of a delta: rows of FILE into a store, names of products beside it. Names that are changed or removed
 * and what else has no meaning for a set is accounted for as rejected, with its line.
 */
export class DeltaRows {
  readonly rows: RdsRows;
  /** Of the row of VERSION that was inserted last. */
  version = '';
  releasedAt: number | null = null;
  readonly #numbers: Map<number, number>;
  readonly #packages = new Map<number, Package>();
  readonly #systems: Map<string, string>;
  readonly #makers: Map<string, string>;
  readonly #base: readonly ProductName[];

  constructor(store: KeyStore, numbers: RdsNumbers, base: readonly ProductName[]) {
    this.#numbers = new Map(numbers.packages.map((id, place) => [id, place + 1]));
    this.#systems = new Map(numbers.systems);
    this.#makers = new Map(numbers.makers);
    this.#base = base;
    // Products may be named after the first file that refers to them: each gets its number when it is first seen.
    this.rows = new RdsRows(store, (id) => this.#numberOf(id));
  }

  /** Throws CannotFollow for a statement after which the set would say something wrong. */
  take(statement: DeltaRow | DeltaOther): void {
    if (statement.kind === 'other') {
      this.#takeOther(statement);
      return;
    }
    const cell = cellsOf(statement);
    switch (statement.table) {
      case 'FILE':
        this.rows.take({
          at: statement.line,
          sha256: cell('sha256'),
          sha1: cell('sha1'),
          md5: cell('md5'),
          package: Number(cell('package_id')),
        });
        break;
      case 'PKG':
        this.#takePackage(Number(cell('package_id')), {
          name: cell('name'),
          version: cell('version'),
          system: cell('operating_system_id'),
          maker: cell('manufacturer_id'),
        });
        break;
      case 'OS':
        this.#systems.set(cell('operating_system_id'), `${cell('name')} ${cell('version')}`.trim());
        break;
      case 'MFG':
        this.#makers.set(cell('manufacturer_id'), cell('name'));
        break;
      case 'VERSION':
        this.#takeVersion(cell('version'), cell('release_date'));
        break;
      default:
        this.rows.refuse(statement.line, `it is about ${statement.table}, which no RDSv3 has`, '');
    }
  }

  /** All products after the delta, in the order of their numbers, and the publisher's numbers of everything. */
  names(): { readonly products: readonly ProductName[]; readonly numbers: RdsNumbers } {
    const products: ProductName[] = [];
    for (const [id, number] of this.#numbers) {
      const added = this.#packages.get(id);
      const before = this.#base[number - 1] ?? { name: '', version: '', system: '', maker: '' };
      products.push(
        added === undefined
          ? before
          : {
              name: added.name,
              version: added.version,
              system: this.#systems.get(added.system) ?? '',
              maker: this.#makers.get(added.maker) ?? '',
            },
      );
    }
    return { products, numbers: { packages: [...this.#numbers.keys()], systems: this.#systems, makers: this.#makers } };
  }

  #numberOf(id: number): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(id, number);
    }
    return number;
  }

  /** A package has a row for each of its languages and systems: the first one names it. */
  #takePackage(id: number, named: Package): void {
    if (this.#numberOf(id) > this.#base.length && !this.#packages.has(id)) {
      this.#packages.set(id, named);
    }
  }

  #takeOther({ verb, table, line }: DeltaOther): void {
    if (table === 'FILE' || table === 'METADATA') {
      throw new CannotFollow(line, `${verb} ${table}`);
    }
    // Statements without a table change no row.
    if (table !== '') {
      this.rows.refuse(line, `${verb} changes names, which are kept as they were`, table);
    }
  }

  #takeVersion(version: string, released: string): void {
    this.version = version;
    const at = Date.parse(`${released.slice(0, 10)}T00:00:00Z`);
    this.releasedAt = Number.isNaN(at) ? null : at / 1000;
  }
}

function cellsOf({ table, columns, values, line }: DeltaRow): (column: string) => string {
  const named = columns ?? COLUMNS[table]?.find((published) => published.length === values.length);
  if (table in COLUMNS && named?.length !== values.length) {
    throw new CannotFollow(line, `a row of ${table} with ${values.length} values`);
  }
  return (column) => values[named?.indexOf(column) ?? -1] ?? '';
}
