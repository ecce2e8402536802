import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { filesByIds, filesByKeys, filesOnListBetween, type FileRow } from '../../../db/repositories/evidence.ts';
import { DigestColumn } from '../../../intakes/digest-column.ts';
import { sortDigests } from '../../../intakes/sort-digests.ts';
import { changedFiles, MOST_BEHIND, type Accelerator } from '../accelerator/accelerator.ts';
import { keyOf } from '../digest-keys.ts';
import type { OpenSet } from '../set-lookup.ts';
import { searchQueries, SEVERAL, NO_FILE, type ChunkColumn } from './chunk.ts';
import type { FilePool } from './file-pool.ts';
import { joinSorted, queriesOf, Stopped, type JoinHelp } from './join.ts';
import { BLOCK_RECORDS } from './sorted-section.ts';
import type { SetCombos } from './set-combos.ts';

/** What finding candidate files needs. */
export interface Finding {
  readonly db: ReadableDb;
  readonly pool: FilePool;
  readonly combos: SetCombos;
  readonly sets: readonly OpenSet[];
  /** A second thread for looking up in large sets. */
  readonly help: JoinHelp | null;
  /** The kind of all rows when they have one digest each and of one kind: what sets say of it is known from the rows. */
  readonly onlyKind: DigestKind | null;
  /** Keys of all digests on the list, ascending. */
  readonly listKeys: Float64Array;
  readonly cancelled: () => boolean;
}

/** Finds the files that hold the digests of a column. */
export interface CandidateFinder {
  find(column: ChunkColumn): void;
  /** Completes what is known about the files found so far; call before deciding rows. */
  settle(): void;
}

const PLACE: Readonly<Record<DigestKind, 1 | 2 | 3>> = { md5: 1, sha1: 2, sha256: 3 };
/** Keys or ids asked for by one statement: a few milliseconds, also when every one is a page to be read. */
const BATCH = 500;

/** Searches the database for every digest: the way that always works. */
export function searchingFinder(finding: Finding): CandidateFinder {
  const { db, cancelled } = finding;
  const learned = new LearnedFiles(finding);
  return {
    find(column) {
      const { queries, kind } = column;
      const { width, bytes, count } = queries;
      for (let from = 0; from < count; from += BATCH) {
        if (cancelled()) {
          throw new Stopped();
        }
        const keys: number[] = [];
        for (let query = from; query < Math.min(count, from + BATCH); query += 1) {
          const key = keyOf(bytes, query * width);
          if (key !== keys.at(-1)) {
            keys.push(key);
          }
        }
        for (const row of filesByKeys(db, keys)) {
          const digest = row[PLACE[kind]];
          if (digest !== null) {
            searchQueries(queries, digest, (query) => setFile(column, query, learned.wanted(row)));
          }
        }
      }
    },
    settle: () => learned.settle(),
  };
}

/**
 * Merges with an accelerator; files that changed since it was made are left out of it and read from the database.
 * Null when too many changed.
 */
export function mergingFinder(finding: Finding, accelerator: Accelerator): CandidateFinder | null {
  const { db, cancelled } = finding;
  const changed = changedFiles(db, accelerator.seq, MOST_BEHIND + 1);
  if (changed.length > MOST_BEHIND) {
    return null;
  }
  const learned = new LearnedFiles(finding);
  const masked = new Uint8Array(accelerator.files);
  const fresh: { readonly row: FileRow; readonly ordinal: number }[] = [];
  for (let from = 0; from < changed.length; from += BATCH) {
    if (cancelled()) {
      throw new Stopped();
    }
    const ids = changed.slice(from, from + BATCH);
    for (const id of ids) {
      const ordinal = accelerator.ordinalOf(id);
      if (ordinal !== -1) {
        masked[ordinal] = 1;
      }
    }
    for (const row of filesByIds(db, ids)) {
      fresh.push({ row, ordinal: learned.ordinalOf(row) });
    }
  }
  markListed(finding, accelerator);
  const files = new Map<DigestKind, Uint32Array>();
  const filesOf = (kind: DigestKind): Uint32Array => {
    const found = files.get(kind) ?? accelerator.filesOf(kind);
    files.set(kind, found);
    return found;
  };
  let combosDone = false;
  return {
    find(column) {
      const byDigest = filesOf(column.kind);
      joinSorted(
        column.queries,
        accelerator.digests(column.kind),
        (query, record) => {
          const ordinal = byDigest[record] as number;
          if (masked[ordinal] === 0) {
            setFile(column, query, ordinal);
          }
        },
        cancelled,
      );
      for (const { row, ordinal } of fresh) {
        const digest = row[PLACE[column.kind]];
        if (digest !== null) {
          searchQueries(column.queries, digest, (query) => {
            finding.pool.want(ordinal);
            setFile(column, query, ordinal);
          });
        }
      }
    },
    settle() {
      if (!combosDone && finding.sets.length > 0) {
        combosDone = true;
        addBaseCombos(finding, accelerator, filesOf);
      }
      learned.settle();
    },
  };
}

function setFile(column: ChunkColumn, query: number, ordinal: number): void {
  const row = column.rows === null ? query : (column.rows[query] as number);
  const known = column.file[row];
  column.file[row] = known === NO_FILE || known === ordinal ? ordinal : SEVERAL;
}

/** Files of the accelerator that an entry of the list may be about. */
function markListed({ db, pool, listKeys, cancelled }: Finding, accelerator: Accelerator): void {
  const stretch = 5_000;
  for (let from = 0; from < listKeys.length; from += stretch) {
    if (cancelled()) {
      throw new Stopped();
    }
    const below = from === 0 ? -1 : (listKeys[from - 1] as number);
    const upTo = listKeys[Math.min(from + stretch, listKeys.length) - 1] as number;
    for (const id of filesOnListBetween(db, below, upTo)) {
      const ordinal = accelerator.ordinalOf(id);
      if (ordinal !== -1) {
        pool.markSpecial(ordinal);
      }
    }
  }
}

/** Known sets of all files of the accelerator: their digests lie sorted, so that one pass over each set tells. */
function addBaseCombos(
  { pool, combos, sets, help, onlyKind, cancelled }: Finding,
  accelerator: Accelerator,
  filesOf: (kind: DigestKind) => Uint32Array,
): void {
  for (const kind of DIGEST_KINDS) {
    const digests = accelerator.digests(kind);
    const asked = sets.map((set, number) => ({ section: set.section(kind), number }));
    if (kind === onlyKind || digests.count === 0 || asked.every(({ section }) => section === null)) {
      continue;
    }
    const files = filesOf(kind);
    const weak = kind !== 'sha256';
    const gathered = new Uint8Array(64 * BLOCK_RECORDS * digests.width);
    let filled = 0;
    let start = 0;
    const flush = (): void => {
      const queries = queriesOf(gathered.subarray(0, filled), digests.width);
      for (const { section, number } of asked) {
        if (section !== null) {
          const onHit = (query: number): void => {
            const ordinal = files[start + query] as number;
            pool.setCombo(ordinal, combos.add(pool.comboOf(ordinal), number, weak));
          };
          joinSorted(queries, section, onHit, cancelled, help);
        }
      }
      start += queries.count;
      filled = 0;
    };
    for (const block of digests.blocks()) {
      gathered.set(block.bytes, filled);
      filled += block.bytes.length;
      if (filled === gathered.length) {
        flush();
      }
    }
    if (filled > 0) {
      flush();
    }
  }
}

/** Files read from the database, whose list and sets are looked up together. */
class LearnedFiles {
  readonly #finding: Finding;
  #columns = new Map<DigestKind, { readonly digests: DigestColumn; readonly files: number[] }>();

  constructor(finding: Finding) {
    this.#finding = finding;
  }

  ordinalOf(row: FileRow): number {
    const { pool, listKeys, sets, onlyKind } = this.#finding;
    const { ordinal, isNew } = pool.add(row);
    if (isNew) {
      for (const kind of DIGEST_KINDS) {
        const digest = row[PLACE[kind]];
        if (digest !== null) {
          if (holdsKey(listKeys, keyOf(digest))) {
            pool.markSpecial(ordinal);
          }
          if (sets.length > 0 && kind !== onlyKind) {
            this.#keep(kind, digest, ordinal);
          }
        }
      }
    }
    return ordinal;
  }

  wanted(row: FileRow): number {
    const ordinal = this.ordinalOf(row);
    this.#finding.pool.want(ordinal);
    return ordinal;
  }

  settle(): void {
    const { pool, combos, sets, help, cancelled } = this.#finding;
    pool.loadItems(BATCH, cancelled);
    for (const [kind, { digests, files }] of this.#columns) {
      const { order } = sortDigests(digests);
      const words = new Uint32Array(order.length * digests.words);
      for (let place = 0; place < order.length; place += 1) {
        digests.copyTo(order[place] as number, words, place * digests.words);
      }
      const queries = queriesOf(new Uint8Array(words.buffer), digests.stride);
      for (const [number, set] of sets.entries()) {
        const section = set.section(kind);
        if (section !== null) {
          const onHit = (query: number): void => {
            const ordinal = files[order[query] as number] as number;
            pool.setCombo(ordinal, combos.add(pool.comboOf(ordinal), number, kind !== 'sha256'));
          };
          joinSorted(queries, section, onHit, cancelled, help);
        }
      }
    }
    this.#columns = new Map();
  }

  #keep(kind: DigestKind, digest: Uint8Array, ordinal: number): void {
    let column = this.#columns.get(kind);
    if (column === undefined) {
      column = { digests: new DigestColumn(digest.length), files: [] };
      this.#columns.set(kind, column);
    }
    column.digests.append(digest);
    column.files.push(ordinal);
  }
}

export function holdsKey(keys: Float64Array, key: number): boolean {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = keys[middle] as number;
    if (found === key) {
      return true;
    }
    if (found < key) {
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return false;
}
