import type { DigestSet } from '#shared/domain/hash.ts';
import { parseDigest } from '#shared/domain/hash.ts';
import { NOT_ASKED } from '../codes.ts';
import type { ReadableDb, WritableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { SLICE_MS, startSlice, type Sliced } from '../slices.ts';
import { isFelt, lastSeq, pruneOldChanges } from './changes.ts';
import { gatherCounts } from './counters.ts';
import { candidateFiles, toFileRow, type FileRow } from './file-identity.ts';
import { createFileWriter } from './file-writer.ts';
import { createItemWriter, type ItemOutcome, type ItemRecord } from './item-writer.ts';
import { recordLife } from './life/recorder.ts';
import { recordMetric } from './metrics/record.ts';

export type ItemCounts = { readonly [O in ItemOutcome]: number } & {
  /** New items that `mostNew` left out. */
  readonly notMade: number;
};

/** An item with the digests of its file, as it is exported. Times are seconds since the epoch. */
export interface ItemRow {
  readonly fileId: number;
  readonly digests: DigestSet;
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly rawCode: string | null;
  readonly firstSeen: number | null;
  readonly scannedAt: number | null;
}

/** Digests of one file are learned together in stretches of this many before the clock is looked at. */
const LOOK_EVERY = 64;
const SHORTEST_SLICE_MS = 10;

/**
 * Adds sources' answers. An answer that is older than the stored one changes nothing. Digests given together are linked
 * by class `source`. Sorted input writes fastest. At most `mostNew` items are made; what is stored is updated all the same.
 */
function* importItems(
  db: WritableDb,
  args: { readonly items: readonly ItemRecord[]; readonly at: number; readonly mostNew?: number },
): Sliced<ItemCounts> {
  const total = { imported: 0, updated: 0, unchanged: 0, notMade: 0 };
  const mostNew = args.mostNew ?? Number.POSITIVE_INFINITY;
  let made = 0;
  let next = 0;
  let flushMs = 0;
  while (next < args.items.length) {
    // What the last stretch took to write at its end comes out of this one's time.
    const slice = startSlice(Math.max(SHORTEST_SLICE_MS, SLICE_MS - flushMs));
    const counts = gatherCounts();
    const life = recordLife(db, args.at);
    const files = createFileWriter(db, 'source', counts, life);
    const items = createItemWriter(db, args.at, counts, life);
    const before = total.imported + total.updated;
    do {
      const end = Math.min(next + LOOK_EVERY, args.items.length);
      for (; next < end; next += 1) {
        const item = args.items[next] as ItemRecord;
        if (made + items.made >= mostNew) {
          files.flush();
          items.flush();
          if (!isStored(db, item)) {
            total.notMade += 1;
            continue;
          }
        }
        const place = files.place(item.digests, () => items.flush());
        const outcome = items.put(place.id, place.isNew, item);
        total[outcome] += 1;
        if (outcome !== 'unchanged') {
          files.changed('item', place.id);
        }
      }
    } while (next < args.items.length && !slice.isOver());
    const flushFrom = performance.now();
    files.flush();
    items.flush();
    life.save();
    counts.save(db);
    pruneOldChanges(db);
    flushMs = performance.now() - flushFrom;
    made += items.made;
    const written = total.imported + total.updated - before;
    if (written > 0) {
      recordMetric(db, { kind: 'itemsImported', at: args.at, amount: written });
    }
    if (next < args.items.length) {
      yield;
    }
  }
  return total;
}

/** What remembering digests came to. */
export interface LearnedLinks {
  /** Files that were new or changed. */
  readonly changed: number;
  /** The newest change when the last of them was written. */
  readonly seq: number;
  /**
   * True when, after `since`, nothing changed that verdicts follow from but files that came with exactly the digests given
   * and with nothing known about them: whoever holds those digests together already need not look again.
   */
  readonly isQuiet: boolean;
}

/** Remembers which digests Assay itself read off the same bytes. `at` is now, seconds since the epoch. */
function* learnComputedLinks(
  db: WritableDb,
  args: { readonly sets: readonly DigestSet[]; readonly at: number; readonly since?: number },
): Sliced<LearnedLinks> {
  let changed = 0;
  let isQuiet = args.since !== undefined;
  let seq = args.since ?? 0;
  let next = 0;
  while (next < args.sets.length) {
    const slice = startSlice();
    const counts = gatherCounts();
    const life = recordLife(db, args.at);
    const files = createFileWriter(db, 'computed', counts, life);
    isQuiet &&= !isFelt(db, seq);
    do {
      const end = Math.min(next + LOOK_EVERY, args.sets.length);
      for (; next < end; next += 1) {
        const place = files.place(args.sets[next] as DigestSet);
        if (place.isNew) {
          files.changed('file', place.id);
        }
        changed += place.isNew || place.isChanged ? 1 : 0;
        isQuiet &&= place.isNew || !place.isChanged;
      }
    } while (next < args.sets.length && !slice.isOver());
    files.flush();
    life.save();
    counts.save(db);
    seq = lastSeq(db);
    if (next < args.sets.length) {
      yield;
    }
  }
  return { changed, seq, isQuiet };
}

/** True when the item would replace one, not be a new one. */
function isStored(db: ReadableDb, item: ItemRecord): boolean {
  const stored = prepared(db, 'SELECT 1 FROM items WHERE file_id = +? AND source = +?');
  return candidateFiles(db, item.digests).some(({ id }) => stored.get(id, item.source) !== undefined);
}

/** All files a digest may stand for: more than one when it is ambiguous. Accepts upper case. */
function filesByDigest(db: ReadableDb, args: { readonly hash: string }): FileRow[] {
  const parsed = parseDigest(args.hash);
  return parsed === null ? [] : candidateFiles(db, { [parsed.kind]: parsed.hex });
}

interface StoredItemRow {
  readonly id: number;
  readonly md5: Buffer | null;
  readonly sha1: Buffer | null;
  readonly sha256: Buffer | null;
  readonly links: number;
  readonly source: number;
  readonly status: number;
  readonly no_answer: number | null;
  readonly score: number | null;
  readonly threat: string | null;
  readonly raw_code: string | null;
  readonly first_seen: number | null;
  readonly scanned_at: number | null;
}

const ITEM_COLUMNS = `files.id, md5, sha1, sha256, links, source, status, no_answer, score, threat_names.name AS threat,
  raw_code, first_seen, scanned_at`;

/** Answered items after the given place, in order of file and source; the last row's place is where the next page starts. */
export function itemsPage(
  db: ReadableDb,
  args: { readonly afterFile: number; readonly afterSource: number; readonly limit: number },
): ItemRow[] {
  return prepared<StoredItemRow>(
    db,
    `SELECT ${ITEM_COLUMNS} FROM items
     JOIN files ON files.id = items.file_id LEFT JOIN threat_names ON threat_names.id = items.threat_id
     WHERE (items.file_id, items.source) > (?, ?) AND no_answer IS NOT ${NOT_ASKED} ORDER BY items.file_id, items.source LIMIT ?`,
  )
    .all(args.afterFile, args.afterSource, args.limit)
    .map(toItemRow);
}

/** Every answered item of one file. */
function itemsOfFile(db: ReadableDb, args: { readonly fileId: number }): ItemRow[] {
  return prepared<StoredItemRow>(
    db,
    `SELECT ${ITEM_COLUMNS} FROM items
     JOIN files ON files.id = items.file_id LEFT JOIN threat_names ON threat_names.id = items.threat_id
     WHERE items.file_id = +? AND no_answer IS NOT ${NOT_ASKED} ORDER BY items.source`,
  )
    .all(args.fileId)
    .map(toItemRow);
}

function toItemRow(row: StoredItemRow): ItemRow {
  return {
    fileId: row.id,
    digests: toFileRow(row).digests,
    source: row.source,
    status: row.status,
    noAnswer: row.no_answer,
    score: row.score,
    threat: row.threat,
    rawCode: row.raw_code,
    firstSeen: row.first_seen,
    scannedAt: row.scanned_at,
  };
}

export const filesItemsReads = { filesByDigest, itemsPage, itemsOfFile } as const;
export const filesItemsWrites = { importItems, learnComputedLinks } as const;
