import { STATUS_CODE } from '#shared/domain/status.ts';
import { digestKey, NOT_ASKED } from '../../../codes.ts';
import type { WritableDb } from '../../../handles.ts';
import { insertMany } from '../../../many-rows.ts';
import { prepared } from '../../../prepared.ts';
import { gatherCounts, itemCounter, unaskedCounter } from '../../counters.ts';
import { createFileWriter } from '../../file-writer.ts';
import { recordLife } from '../../life/recorder.ts';
import { asSet, filesOf } from './known-files.ts';

const DAY_SECONDS = 86_400;

/**
 * What a digest stands for at one source. `ambiguous`: several files hold it, and it gets no item. `none`: there is no
 * item yet; `fileId` is the file it would belong to, null when that is not known either.
 */
export type FoundItem =
  | { readonly kind: 'item'; readonly fileId: number; readonly askedDay: number }
  | { readonly kind: 'none'; readonly fileId: number | null }
  | { readonly kind: 'ambiguous' };

/** Makes items without an answer for digests that are queued, for one transaction. They are no evidence: no change is told. */
export interface ItemMaker {
  find(digest: Uint8Array): FoundItem;
  /** Makes the item, and its file where there is none. */
  make(digest: Uint8Array, fileId: number | null): void;
  /** Somebody asked for this item today. */
  askedFor(item: Extract<FoundItem, { kind: 'item' }>): void;
  /** Writes what was collected; call it before the transaction ends. */
  save(): void;
}

/** `at` is now, seconds since the epoch. */
export function createItemMaker(db: WritableDb, source: number, at: number): ItemMaker {
  const counts = gatherCounts();
  const files = createFileWriter(db, 'source', counts, recordLife(db, at));
  const items = insertMany(db, 'items (file_id, source, status, no_answer, created_at)', 5);
  const find = prepared<number>(
    db,
    `SELECT coalesce(asked_day, created_at / ${DAY_SECONDS}) FROM items WHERE file_id = +? AND source = +?`,
  ).pluck(true);
  const day = Math.floor(at / DAY_SECONDS);
  /** Keys of the digests whose item is collected and not written yet. */
  const waiting = new Set<number>();

  function flush(): void {
    files.flush();
    items.flush();
    waiting.clear();
  }

  return {
    find(digest) {
      if (waiting.has(digestKey(digest))) {
        flush();
      }
      const [file, ...others] = filesOf(db, digest);
      if (others.length > 0) {
        return { kind: 'ambiguous' };
      }
      if (file === undefined) {
        return { kind: 'none', fileId: null };
      }
      const askedDay = find.get(file[0], source);
      return askedDay === undefined ? { kind: 'none', fileId: file[0] } : { kind: 'item', fileId: file[0], askedDay };
    },
    make(digest, fileId) {
      items.add(fileId ?? files.make(asSet(digest)), source, STATUS_CODE.unknown, NOT_ASKED, at);
      counts.add(itemCounter(source, STATUS_CODE.unknown), 1);
      counts.add(unaskedCounter(source), 1);
      waiting.add(digestKey(digest));
    },
    askedFor({ fileId, askedDay }) {
      if (askedDay < day) {
        prepared(db, 'UPDATE items SET asked_day = ? WHERE file_id = +? AND source = +?').run(day, fileId, source);
      }
    },
    save() {
      flush();
      counts.save(db);
    },
  };
}
