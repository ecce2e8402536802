import type { EntryGroup } from '../../../intakes/intake-columns.ts';
import { CHUNK_ROWS, readChunk, searchKey, searchQueries, type Chunk } from '../bulk/chunk.ts';
import { readListKeys, walkEntries, type Finders } from '../bulk/walk-entries.ts';
import { keyOf } from '../digest-keys.ts';
import type { ReadableDb } from '../../../db/handles.ts';
import { filesByIds, filesOnListBetween } from '../../../db/repositories/evidence.ts';
import type { EntrySource, JudgeContext } from '../port.ts';
import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import { DIGEST_BIT, strongestKind } from '#shared/domain/hash.ts';
import { decideChunk, type ChunkMarks } from './decide-chunk.ts';
import { readEmbargoKeys, readQueuedDigests, type EmbargoKeys, type QueuedDigests } from './held-digests.ts';
import { emptyPlanColumns, type PlanColumns, type PlanQuestion } from './pairs.ts';
import { selectEntries } from './selected-entries.ts';

/** Files read by one statement. */
const FILES = 500;

/**
 * Decides for every (entry, source) pair whether it would be asked, and if not why: one pass over the sorted digests, as
 * judging does, never a search per pair. `isNeverAsked` tells of an entry that its up-to-date verdict rests on nothing:
 * such entries need no look-up. Returns null when `cancelled()`.
 *
 * The claim of a request decides again when it is sent, and also looks at embargo under other digests of the file.
 */
export function planEntries(
  context: JudgeContext,
  entries: EntrySource,
  question: PlanQuestion,
  isNeverAsked: (entry: number) => boolean,
  cancelled: () => boolean,
  finders: Finders = 'cheapest',
): PlanColumns | null {
  const into = emptyPlanColumns(entries.length, question.sources.length);
  const { db } = context;
  const codes = question.sources.map(({ code }) => code);
  const held: Held = { queued: readQueuedDigests(db, codes), embargo: readEmbargoKeys(db) };
  const { plain, others } = parted(entries, question, isNeverAsked);
  const near = nearListKeys(db);
  for (const { chunk, base } of chunksOf(plain)) {
    if (cancelled()) {
      return null;
    }
    // A verdict may rest on nothing although the list is near: then what the list says is about another file.
    markNear(chunk, near, (row) => others.push(placeOf(plain.entries, base + row)));
    decideChunk({ context, question, source: plain, marks: marksOf(chunk, held), found: null }, chunk, into, (row) =>
      placeOf(plain.entries, base + row),
    );
  }
  if (others.length === 0) {
    return into;
  }
  const rest = selectEntries(entries, Uint32Array.from(others));
  const { isWhole } = walkEntries(context, rest, cancelled, finders, (chunk, base, found) => {
    decideChunk({ context, question, source: rest, marks: marksOf(chunk, held), found }, chunk, into, (row) =>
      placeOf(rest.entries, base + row),
    );
  });
  return isWhole ? into : null;
}

interface Held {
  readonly queued: QueuedDigests;
  readonly embargo: EmbargoKeys;
}

function placeOf(entries: Uint32Array, place: number): number {
  return entries[place] as number;
}

/** Entries that nothing is known about and that every source takes a digest of, and all others. */
function parted(entries: EntrySource, question: PlanQuestion, isNeverAsked: (entry: number) => boolean) {
  const plain: number[] = [];
  const others: number[] = [];
  let entry = 0;
  for (const group of entries.groups) {
    const isTaken = isTakenByAll(group, question);
    for (const end = entry + group.count; entry < end; entry += 1) {
      (isTaken && isNeverAsked(entry) ? plain : others).push(entry);
    }
  }
  return { plain: selectEntries(entries, Uint32Array.from(plain)), others };
}

/** Keys of the list's digests and of all digests of files that hold one of them. */
function nearListKeys(db: ReadableDb): readonly number[] {
  const listed = readListKeys(db);
  const last = listed.at(-1);
  if (last === undefined) {
    return [];
  }
  const keys = new Set(listed);
  const files = filesOnListBetween(db, -1, last);
  for (let from = 0; from < files.length; from += FILES) {
    for (const [, ...digests] of filesByIds(db, files.slice(from, from + FILES))) {
      for (const digest of digests.slice(0, 3)) {
        if (digest !== null && typeof digest !== 'number') {
          keys.add(keyOf(digest));
        }
      }
    }
  }
  return [...keys];
}

function markNear(chunk: Chunk, keys: readonly number[], onRow: (row: number) => void): void {
  const rows = new Set<number>();
  for (const column of chunk.columns) {
    for (const key of keys) {
      searchKey(column.queries, key, (query) => {
        rows.add(column.rows === null ? query : (column.rows[query] as number));
      });
    }
  }
  for (const row of rows) {
    onRow(row);
  }
}

/**
 * Whether each source would be asked by a digest the verdict is about. Of digests that only the dropped list ties together
 * that is the strongest alone: a good word on another one changes no verdict.
 */
function isTakenByAll({ mask, link }: EntryGroup, { sources }: PlanQuestion): boolean {
  return sources.every(({ takes }) => {
    const kind = takes.find((one) => (mask & DIGEST_BIT[one]) !== 0);
    return kind !== undefined && (link !== 'asserted' || kind === strongestKind(mask));
  });
}

function* chunksOf(entries: EntrySource): Generator<{ readonly chunk: Chunk; readonly base: number }> {
  let base = 0;
  for (const [number, group] of entries.groups.entries()) {
    for (let from = 0; from < group.count; from += CHUNK_ROWS) {
      yield { chunk: readChunk(entries, number, group, from, false), base: base + from };
    }
    base += group.count;
  }
}

/** What holds for rows by their own digests, whoever answers: waiting, under embargo, the empty file. */
function marksOf(chunk: Chunk, { queued, embargo }: Held): ChunkMarks {
  const empty = new Set<number>();
  const embargoedBy = embargo.count === 0 ? null : new Uint32Array(chunk.count);
  for (const column of chunk.columns) {
    searchQueries(column.queries, Buffer.from(EMPTY_FILE[column.kind], 'hex'), (query) => {
      empty.add(column.rows === null ? query : (column.rows[query] as number));
    });
    if (embargoedBy !== null) {
      embargo.mark(column, embargoedBy);
    }
  }
  return { queued: chunk.columns.map((column) => queued.marksOf(column, chunk.count)), embargoedBy, empty };
}
