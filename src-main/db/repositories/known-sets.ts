import { SET_MARK_CODE, SET_MARKS, type SetMark } from '#shared/domain/evidence.ts';
import { ofSetName } from '#shared/domain/known-sets/set-names.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { appendChange } from './changes.ts';

export interface KnownSetRow {
  readonly id: number;
  readonly name: string;
  readonly edition: string;
  readonly mark: SetMark;
  /** Times are seconds since the epoch. */
  readonly datedAt: number | null;
  readonly importedAt: number;
  readonly state: 'importing' | 'ready';
  /** Of its packed file, below the data directory. */
  readonly path: string;
  readonly md5: number;
  readonly sha1: number;
  readonly sha256: number;
  readonly bytes: number;
  /** The process that imports it. */
  readonly process: string;
  /** The sync job that made it from what it pulled; null for an imported set. */
  readonly syncJob: number | null;
  /** Of a made set: tells whether it would come out the same again. */
  readonly content: string | null;
}

const COLUMNS = `id, name, edition, mark, dated_at AS datedAt, imported_at AS importedAt, state, path,
  md5_count AS md5, sha1_count AS sha1, sha256_count AS sha256, bytes, process,
  sync_job AS syncJob, content`;

export const knownSetsReads = {
  /** All rows, by name; the edition in force before one that is being imported. */
  knownSets: (db: ReadableDb, _args: Record<string, never>): KnownSetRow[] =>
    rowsOf(db, 'ORDER BY name COLLATE NOCASE, state DESC, id'),

  knownSet: (db: ReadableDb, args: { readonly id: number }): KnownSetRow | null =>
    rowsOf(db, 'WHERE id = ?', args.id)[0] ?? null,

  /** The imported set in force that this name means, or null. */
  readyKnownSet: (db: ReadableDb, args: { readonly name: string }): KnownSetRow | null =>
    ofSetName(rowsOf(db, "WHERE state = 'ready' AND sync_job IS NULL ORDER BY id"), args.name) ?? null,

  /** A set that this name means and that a sync job made, or null. */
  madeKnownSet: (db: ReadableDb, args: { readonly name: string }): KnownSetRow | null =>
    ofSetName(rowsOf(db, "WHERE state = 'ready' AND sync_job IS NOT NULL ORDER BY id"), args.name) ?? null,

  /** The sets in force that a sync job made, by name. */
  knownSetsOfJob: (db: ReadableDb, args: { readonly jobId: number }): KnownSetRow[] =>
    rowsOf(db, "WHERE sync_job = ? AND state = 'ready' ORDER BY name", args.jobId),
} as const;

export interface KnownSetBegin extends Pick<KnownSetRow, 'name' | 'edition' | 'mark' | 'datedAt' | 'process'> {
  /** The sync job that makes it; left out for an import. */
  readonly syncJob?: number;
  readonly content?: string;
  readonly at: number;
  /** Folder below the data directory that the packed file goes to, as `<id>.acol`. */
  readonly folder: string;
}

/** What came of building a set; edition and date only where the file itself told them. */
export type BuiltKnownSet = Pick<KnownSetRow, 'id' | 'md5' | 'sha1' | 'sha256' | 'bytes'> &
  Partial<Pick<KnownSetRow, 'edition' | 'datedAt'>>;

export const knownSetsWrites = {
  /** Notes a set that is being imported; nothing looks at it yet. */
  beginKnownSet: (db: WritableDb, args: KnownSetBegin): Pick<KnownSetRow, 'id' | 'path'> => {
    // An id is in a file's name: one that a leftover file may still carry is not given again.
    const last = prepared<{ id: number }>(
      db,
      `SELECT max(coalesce((SELECT max(id) FROM known_sets), 0),
         coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_known_set'), 0)) AS id`,
    ).get();
    const id = (last?.id ?? 0) + 1;
    prepared(
      db,
      `INSERT INTO meta (key, value) VALUES ('last_known_set', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    ).run(String(id));
    const path = `${args.folder}/${id}.acol`;
    prepared(
      db,
      `INSERT INTO known_sets (id, name, edition, mark, dated_at, imported_at, state, path, process, sync_job, content)
       VALUES (?, ?, ?, ?, ?, ?, 'importing', ?, ?, ?, ?)`,
    ).run(
      id,
      args.name,
      args.edition,
      SET_MARK_CODE[args.mark],
      args.datedAt,
      args.at,
      path,
      args.process,
      args.syncJob ?? null,
      args.content ?? null,
    );
    return { id, path };
  },

  /**
   * Puts an imported set in force; its file must be in place. The set in force that its name means goes in the same
   * transaction when `replace` says so, else the answer is null and nothing changes. Returns the paths of files to remove.
   */
  finishKnownSet: (db: WritableDb, args: BuiltKnownSet & { readonly replace: boolean }): readonly string[] | null => {
    const row = knownSetsReads.knownSet(db, args);
    const old = row === null ? null : knownSetsReads.readyKnownSet(db, row);
    if (row === null || (old !== null && !args.replace)) {
      return null;
    }
    if (old !== null) {
      prepared(db, 'DELETE FROM known_sets WHERE id = ?').run(old.id);
      appendChange(db, 'knownSet', old.id);
    }
    setReady(db, args);
    return old === null ? [] : [old.path];
  },

  /**
   * Puts made sets of a job in force, all at once: nobody ever sees a digest in none or two of them. Of the job's sets those
   * of the same name go, and those not among `names`, whoever made them meanwhile. Returns the paths of files to remove;
   * null, and nothing changed, when the row of a made set is gone or the job is: what was made is of no use then.
   */
  finishMadeSets: (
    db: WritableDb,
    args: { readonly jobId: number; readonly made: readonly BuiltKnownSet[]; readonly names: readonly string[] },
  ): readonly string[] | null => {
    const rows = args.made.map(({ id }) => knownSetsReads.knownSet(db, { id }));
    if (rows.includes(null) || (rows.length > 0 && !hasJob(db, args.jobId))) {
      return null;
    }
    const replaced = new Set(rows.map((row) => row?.name));
    const old = knownSetsReads
      .knownSetsOfJob(db, args)
      .filter(({ name }) => replaced.has(name) || !args.names.includes(name));
    for (const { id } of old) {
      prepared(db, 'DELETE FROM known_sets WHERE id = ?').run(id);
      appendChange(db, 'knownSet', id);
    }
    for (const built of args.made) {
      setReady(db, built);
    }
    return old.map(({ path }) => path);
  },

  /** Removes a set's row; one that was in force is a change. Returns the path of its file, or null without a row. */
  removeKnownSet: (db: WritableDb, args: { readonly id: number }): string | null => {
    const row = knownSetsReads.knownSet(db, args);
    if (row === null) {
      return null;
    }
    prepared(db, 'DELETE FROM known_sets WHERE id = ?').run(row.id);
    if (row.state === 'ready') {
      appendChange(db, 'knownSet', row.id);
    }
    return row.path;
  },
} as const;

function setReady(db: WritableDb, built: BuiltKnownSet): void {
  prepared(
    db,
    `UPDATE known_sets SET state = 'ready', process = '', md5_count = ?, sha1_count = ?, sha256_count = ?, bytes = ?,
       edition = coalesce(?, edition), dated_at = coalesce(?, dated_at)
     WHERE id = ?`,
  ).run(built.md5, built.sha1, built.sha256, built.bytes, built.edition ?? null, built.datedAt ?? null, built.id);
  appendChange(db, 'knownSet', built.id);
}

function hasJob(db: ReadableDb, jobId: number): boolean {
  return prepared(db, 'SELECT 1 FROM sync_jobs WHERE id = ?').get(jobId) !== undefined;
}

function rowsOf(db: ReadableDb, rest: string, ...values: unknown[]): KnownSetRow[] {
  const rows = prepared<Omit<KnownSetRow, 'mark'> & { readonly mark: number }>(
    db,
    `SELECT ${COLUMNS} FROM known_sets ${rest}`,
  ).all(...values);
  return rows.map((row) => ({ ...row, mark: SET_MARKS.find((mark) => SET_MARK_CODE[mark] === row.mark) ?? 'known' }));
}
