import { DIGEST_KINDS, type DigestKind } from '#shared/domain/hash.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { itemsOfFiles, listKeysAfter } from '../../../db/repositories/evidence.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { kindsOfMask } from '../../../intakes/intake-columns.ts';
import { KeyIndex } from '../../../intakes/keys/key-index.ts';
import { newestAccelerator, removeAccelerator, type Accelerator } from '../accelerator/accelerator.ts';
import { createLookup, type Lookup } from '../lookup.ts';
import type { EntrySource, JudgeContext } from '../port.ts';
import { openKnownSets, type KnownSets } from '../set-lookup.ts';
import { mergingFinder, searchingFinder, type CandidateFinder, type Finding } from './candidates.ts';
import { CHUNK_ROWS, readChunk, searchKey, type Chunk } from './chunk.ts';
import { FilePool } from './file-pool.ts';
import { joinSorted, Stopped, type JoinHelp } from './join.ts';
import { SetCombos } from './set-combos.ts';
import { JoinThread } from './shared-join/join-thread.ts';
import { DamagedSection } from './sorted-section.ts';

/** How candidate files are found: by what costs least, or always in one way, `shared` with a second thread. The verdicts are the same. */
export type Finders = 'cheapest' | 'search' | 'merge' | 'shared';

/** About what finding one digest in the database costs while its pages are not in memory, against carrying one file of an accelerator along. */
const SEARCH_NS = 4_000;
const CARRY_NS = 45;
/** For this many opening an accelerator is never worth it. */
const FEW_DIGESTS = 2_000;
/** With so many digests and keys of sets a second thread pays. */
const MANY_DIGESTS = 200_000;
const MANY_KEYS = 5_000_000;

/** What is known about the rows of a chunk, for whoever decides them. */
export interface Found {
  readonly pool: FilePool;
  readonly combos: SetCombos;
  /** One row at a time, straight from the database. */
  readonly lookup: Lookup;
}

/**
 * Finds candidate files, list entries near and known sets for every entry and hands them out chunk by chunk, in entry
 * order; `base` is the entry of a chunk's first row. Damage met on the way never gives an answer: the damaged part is put
 * aside and all chunks are handed out anew. Ends early when `cancelled()`; `isWhole` tells.
 */
export function walkEntries(
  context: JudgeContext,
  entries: EntrySource,
  cancelled: () => boolean,
  finders: Finders,
  visit: (chunk: Chunk, base: number, found: Found) => void,
): { readonly problems: readonly string[]; readonly isWhole: boolean } {
  const damaged = new Set<string>();
  for (;;) {
    const sets = openKnownSets(context.db, context.directory, damaged);
    const help = helpFor(sets, digestsOf(entries), finders);
    let accelerator: Accelerator | null = null;
    try {
      accelerator = usefulAccelerator(context, entries, damaged, finders);
      walkChunks(context, entries, sets, help, accelerator, cancelled, visit);
      return { problems: sets.problems, isWhole: true };
    } catch (error) {
      if (error instanceof Stopped) {
        return { problems: sets.problems, isWhole: false };
      }
      const path = damagedPath(error, accelerator);
      if (path === null || damaged.has(path)) {
        throw error;
      }
      damaged.add(path);
    } finally {
      help?.close();
      accelerator?.close();
      sets.close();
      if (accelerator !== null && damaged.has(accelerator.path)) {
        removeAccelerator(accelerator.path);
      }
    }
  }
}

/** The file to do without, or null when the error is about something else. */
function damagedPath(error: unknown, accelerator: Accelerator | null): string | null {
  if (error instanceof DamagedSection) {
    return error.path;
  }
  return isAppError(error) && accelerator !== null ? accelerator.path : null;
}

function digestsOf(entries: EntrySource): number {
  return entries.groups.reduce((sum, group) => sum + group.count * kindsOfMask(group.mask).length, 0);
}

/** A second thread where looking up would take more than its start. */
function helpFor({ sets }: KnownSets, digests: number, finders: Finders): (JoinHelp & { close(): void }) | null {
  if (finders === 'shared') {
    return JoinThread.start(1);
  }
  const keys = sets
    .flatMap((set) => DIGEST_KINDS.map((kind) => set.section(kind)))
    .reduce((sum, section) => sum + (section instanceof KeyIndex ? section.count : 0), 0);
  return digests >= MANY_DIGESTS && keys >= MANY_KEYS ? JoinThread.start() : null;
}

function usefulAccelerator(
  { db, directory }: JudgeContext,
  entries: EntrySource,
  damaged: ReadonlySet<string>,
  finders: Finders,
): Accelerator | null {
  const digests = digestsOf(entries);
  if (finders === 'search' || (finders === 'cheapest' && digests < FEW_DIGESTS)) {
    return null;
  }
  const accelerator = newestAccelerator(db, directory);
  if (accelerator !== null) {
    const isWorth = finders === 'merge' || finders === 'shared' || digests * SEARCH_NS > accelerator.files * CARRY_NS;
    if (isWorth && !damaged.has(accelerator.path)) {
      return accelerator;
    }
    accelerator.close();
  }
  return null;
}

function walkChunks(
  context: JudgeContext,
  entries: EntrySource,
  sets: KnownSets,
  help: JoinHelp | null,
  accelerator: Accelerator | null,
  cancelled: () => boolean,
  visit: (chunk: Chunk, base: number, found: Found) => void,
): void {
  const { db, now } = context;
  const lookup = createLookup(db, sets, now);
  const listKeys = readListKeys(db);
  const combos = new SetCombos(sets.sets);
  const onlyKind = kindOfAll(entries);
  const start = (base: Accelerator | null): { finding: Finding; finder: CandidateFinder | null } => {
    const pool = new FilePool(base?.table() ?? null, (ids) => itemsOfFiles(db, ids));
    const finding: Finding = { db, pool, combos, sets: sets.sets, help, onlyKind, listKeys, cancelled };
    return { finding, finder: base === null ? searchingFinder(finding) : mergingFinder(finding, base) };
  };
  let { finding, finder } = start(accelerator);
  if (finder === null) {
    ({ finding, finder } = start(null));
  }
  const chunks = begunChunks(entries, finding);
  for (const { chunk, base, addSets } of help === null ? chunks : oneAhead(chunks)) {
    markListedRows(chunk, listKeys);
    addSets();
    for (const column of chunk.columns) {
      finder?.find(column);
    }
    finder?.settle();
    visit(chunk, base, { pool: finding.pool, combos, lookup });
  }
}

interface BegunChunk {
  readonly chunk: Chunk;
  /** The entry of its first row. */
  readonly base: number;
  /** Notes the known sets of its rows. */
  readonly addSets: () => void;
}

function* begunChunks(entries: EntrySource, finding: Finding): Generator<BegunChunk> {
  let base = 0;
  for (const [number, group] of entries.groups.entries()) {
    for (let from = 0; from < group.count; from += CHUNK_ROWS) {
      if (finding.cancelled()) {
        throw new Stopped();
      }
      const chunk = readChunk(entries, number, group, from, finding.sets.length > 0);
      yield { chunk, base: base + from, addSets: begunSets(chunk, finding) };
    }
    base += group.count;
  }
}

/** The same, each after the next has begun: a second thread looks up the one while this one decides the other. */
function* oneAhead<T>(items: Iterable<T>): Generator<T> {
  let held: { readonly item: T } | null = null;
  for (const item of items) {
    if (held !== null) {
      yield held.item;
    }
    held = { item };
  }
  if (held !== null) {
    yield held.item;
  }
}

function kindOfAll(entries: EntrySource): DigestKind | null {
  const [kind, ...others] = new Set(entries.groups.flatMap((group) => kindsOfMask(group.mask)));
  return others.length === 0 ? (kind ?? null) : null;
}

/** Keys of all digests on the hash list, ascending. */
export function readListKeys(db: ReadableDb): Float64Array {
  const keys: number[] = [];
  const stretch = 20_000;
  for (let last = -1; ;) {
    const some = listKeysAfter(db, last, stretch);
    keys.push(...some);
    if (some.length < stretch) {
      return Float64Array.from(keys);
    }
    last = some.at(-1) ?? last;
  }
}

/** Rows that an entry of the list may be about. */
function markListedRows(chunk: Chunk, listKeys: Float64Array): void {
  for (const { queries, rows } of chunk.columns) {
    for (const key of listKeys) {
      searchKey(queries, key, (query) => {
        chunk.slow[rows === null ? query : (rows[query] as number)] = 1;
      });
    }
  }
}

/** Begins to look up the rows in all sets; what is returned ends it. */
function begunSets(chunk: Chunk, { sets, combos, help, cancelled }: Finding): () => void {
  const ends = chunk.columns.flatMap(({ kind, queries, rows, combo }) =>
    sets.flatMap((set, number) => {
      const section = set.section(kind);
      if (section === null || combo === null) {
        return [];
      }
      const onHit = (query: number): void => {
        const row = rows === null ? query : (rows[query] as number);
        combo[row] = combos.add(combo[row] as number, number, kind !== 'sha256');
      };
      if (help?.helpsWith(queries) === true && section instanceof KeyIndex) {
        const begun = help.begin(queries, section);
        return [() => begun.finish(onHit, cancelled)];
      }
      return [() => joinSorted(queries, section, onHit, cancelled)];
    }),
  );
  return () => {
    for (const end of ends) {
      end();
    }
  };
}
