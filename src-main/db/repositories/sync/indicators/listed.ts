import type { Term } from '#shared/domain/indicator.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { storedTerms, termsOf } from './stored.ts';

/** A file whose place on the reputation hash list is not as it should be. */
export interface ListDue {
  readonly id: number;
  /** Digests that are to be put on the list. */
  readonly toList: readonly Term[];
  /** Digests that are to be taken off it: none that another file of any job keeps on that server. */
  readonly toUnlist: readonly Term[];
  readonly rating: number | null;
  readonly confidence: number | null;
  /** What it has on the list once both are done; null for nothing. */
  readonly listed: readonly Term[] | null;
}

interface Stored {
  readonly id: number;
  readonly terms: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly listed_terms: string | null;
  readonly goes: number;
}

/**
 * Files after id `after` that are to be put on the reputation hash list, changed there, or taken off it, in order of id.
 * With `isTarget` false the list is no target of the job: what it put there is taken off.
 */
function syncListDue(
  db: ReadableDb,
  args: { readonly jobId: number; readonly isTarget: boolean; readonly after: number; readonly limit: number },
): ListDue[] {
  const columns = 'id, terms, rating, confidence, listed_terms, goes';
  const rows = args.isTarget
    ? prepared<Stored>(
        db,
        `SELECT ${columns} FROM sync_indicators WHERE job_id = +? AND id > ? AND +type = 'File'
           AND ((goes = 1 AND listed_terms IS NOT terms) OR (goes = 0 AND listed_terms IS NOT NULL))
         ORDER BY id LIMIT ?`,
      )
    : prepared<Stored>(
        db,
        `SELECT ${columns} FROM sync_indicators INDEXED BY sync_indicators_listed
         WHERE job_id = +? AND id > ? AND listed_terms IS NOT NULL ORDER BY id LIMIT ?`,
      );
  const due = rows.all(args.jobId, args.after, args.limit).map((row) => toDue(row, args.isTarget));
  const leaving = new Set(due.flatMap(({ toUnlist }) => toUnlist.map(({ value }) => value)));
  const kept = keptByOthers(db, args.jobId, due, leaving);
  return due.map((row) => ({ ...row, toUnlist: row.toUnlist.filter(({ value }) => !kept.has(value)) }));
}

/**
 * Notes what files have on the reputation hash list now; null for nothing. With `isOnlyTarget` that is what counts as sent
 * of them, too.
 */
function* noteListed(
  db: WritableDb,
  args: {
    readonly jobId: number;
    readonly isOnlyTarget: boolean;
    readonly rows: readonly Pick<ListDue, 'id' | 'listed' | 'rating' | 'confidence'>[];
  },
): Sliced<void> {
  const list = prepared(db, 'UPDATE sync_indicators SET listed_terms = ? WHERE job_id = +? AND id = +?');
  const send = prepared(
    db,
    `UPDATE sync_indicators SET sent = ?, sent_terms = ?, sent_rating = ?, sent_confidence = ?
     WHERE job_id = +? AND id = +?`,
  );
  const slice = startSlice();
  for (const { id, listed, rating, confidence } of args.rows) {
    if (slice.isOver()) {
      yield;
      slice.restart();
    }
    const terms = listed === null ? null : storedTerms(listed);
    list.run(terms, args.jobId, id);
    if (args.isOnlyTarget) {
      send.run(
        listed === null ? 0 : 1,
        terms,
        listed === null ? null : rating,
        listed === null ? null : confidence,
        args.jobId,
        id,
      );
    }
  }
}

function toDue(row: Stored, isTarget: boolean): ListDue {
  const stays = isTarget && row.goes === 1;
  const terms = termsOf(row.terms);
  const listed = termsOf(row.listed_terms ?? '');
  const beside = (own: readonly Term[], other: readonly Term[]): Term[] =>
    own.filter(({ value }) => !other.some((term) => term.value === value));
  return {
    id: row.id,
    toList: stays ? beside(terms, listed) : [],
    toUnlist: beside(listed, stays ? terms : []),
    rating: row.rating,
    confidence: row.confidence,
    listed: stays ? terms : null,
  };
}

/** Which of these digests are to stay on the list: for a file that is due, too, or for any other of a job of this server. */
function keptByOthers(
  db: ReadableDb,
  jobId: number,
  due: readonly ListDue[],
  digests: ReadonlySet<string>,
): ReadonlySet<string> {
  const kept = new Set(due.flatMap(({ listed }) => (listed ?? []).map(({ value }) => value)));
  if (digests.size === 0) {
    return kept;
  }
  const own = new Set(due.map(({ id }) => id));
  const listed = prepared<{ readonly job_id: number; readonly id: number; readonly listed_terms: string }>(
    db,
    `SELECT job_id, id, listed_terms FROM sync_indicators WHERE listed_terms IS NOT NULL AND goes = 1
       AND job_id IN (SELECT other.id FROM sync_jobs other JOIN sync_jobs own ON own.id = +?
         AND json_extract(other.config, '$.taniumUrl') = json_extract(own.config, '$.taniumUrl'))`,
  );
  for (const row of listed.iterate(jobId)) {
    if (row.job_id !== jobId || !own.has(row.id)) {
      for (const { value } of termsOf(row.listed_terms)) {
        if (digests.has(value)) {
          kept.add(value);
        }
      }
    }
  }
  return kept;
}

export const listedReads = { syncListDue } as const;
export const listedWrites = { noteListed } as const;
