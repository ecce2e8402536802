import type { WritableDb } from '../handles.ts';
import type { PageFile } from './page-file.ts';
import { pageOwners } from './page-owners.ts';
import type { StoredValue } from './record.ts';
import { rowsOn } from './tree-page.ts';

/** A table as it lies in a file: where its tree begins and what a stored row consists of. */
export interface TableShape {
  readonly name: string;
  readonly root: number;
  readonly columns: readonly string[];
  /** Columns in the order of a stored row: where there is no row id, the key comes first. */
  readonly stored: readonly string[];
  readonly hasRowid: boolean;
  /** The column that stands for the row id, stored as null. */
  readonly rowidColumn: string | null;
  /** What columns hold that were added after a row was written: it is stored without them. */
  readonly defaults: Readonly<Record<string, StoredValue>>;
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly pk: number;
  /** The SQL of its default, null for none. */
  readonly dflt_value: string | null;
}

/**
 * Shapes of all tables of `fresh`, a new database of this version, with the roots they have in the damaged file. Where its
 * schema cannot be read, a table is looked for where a new database has it: the schema is always made in the same order.
 */
export function readTables(pages: PageFile, fresh: WritableDb): TableShape[] {
  const roots = rootsIn(pages);
  const tables = fresh
    .prepare("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all() as { name: string; rootpage: number }[];
  const without = new Set(
    fresh.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr = 1").pluck().all() as string[],
  );
  return tables.map(({ name, rootpage }) => {
    const columns = fresh.prepare('SELECT name, type, pk, dflt_value FROM pragma_table_info(?)').all(name) as Column[];
    const hasRowid = !without.has(name);
    const key = columns.filter((column) => column.pk > 0).sort((a, b) => a.pk - b.pk);
    const single = key.length === 1 ? key[0] : undefined;
    const stored = hasRowid ? columns : [...key, ...columns.filter((column) => column.pk === 0)];
    return {
      name,
      root: roots.get(name) ?? rootpage,
      columns: columns.map((column) => column.name),
      stored: stored.map((column) => column.name),
      hasRowid,
      rowidColumn: hasRowid && single?.type === 'INTEGER' ? single.name : null,
      defaults: Object.fromEntries(
        columns.flatMap(({ name: column, dflt_value: sql }) =>
          sql === null ? [] : [[column, fresh.prepare<[], StoredValue>(`SELECT ${sql}`).pluck(true).get() ?? null]],
        ),
      ),
    };
  });
}

/** Roots of the tables the damaged file's own schema names, as far as it can be read. */
function rootsIn(pages: PageFile): Map<string, number> {
  const roots = new Map<string, number>();
  const first = pages.page(1);
  if (first === null) {
    return roots;
  }
  const schemaPages = [1, ...[...pageOwners(pages, [1])].filter(([, root]) => root === 1).map(([page]) => page)];
  for (const { values } of schemaPages.flatMap((page) => rowsOn(pages, page).rows)) {
    const [type, name, , root] = values;
    if (type === 'table' && typeof name === 'string' && typeof root === 'number' && root > 1 && root <= pages.count) {
      roots.set(name, root);
    }
  }
  return roots;
}
