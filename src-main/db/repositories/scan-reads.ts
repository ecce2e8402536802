import { NO_ANSWER_CODE } from '../codes.ts';
import type { ReadableDb } from '../handles.ts';
import { prepared } from '../prepared.ts';
import { purposeCode } from './asking/codes.ts';

const RESCAN = purposeCode('rescan');

/** A digest that waits or is on its way, and the code of the source it is for. */
export type QueuedDigest = readonly [digest: Uint8Array, source: number];

/** A key of `embargo_keys` and the intake under embargo it belongs to. */
export type EmbargoKey = readonly [key: number, intakeId: number];

/**
 * What is queued after a (digest, source), in the order of the digests' bytes, whatever their kind. Rescans that wait are
 * left out: they may be held to their share for long, and whoever wants the answer sooner makes them urgent by queueing.
 */
export function queuedDigestsAfter(
  db: ReadableDb,
  args: { readonly digest: Uint8Array; readonly source: number; readonly limit: number },
): readonly QueuedDigest[] {
  return prepared<QueuedDigest>(
    db,
    `SELECT digest, source FROM queue
     WHERE (digest, source) > (?, ?) AND (purpose <> ${RESCAN} OR request_id IS NOT NULL)
     ORDER BY digest, source LIMIT ?`,
  )
    .raw(true)
    .all(args.digest, args.source, args.limit);
}

/** Keys under embargo after a (key, intake), ascending. */
export function embargoKeysAfter(
  db: ReadableDb,
  args: { readonly key: number; readonly intakeId: number; readonly limit: number },
): readonly EmbargoKey[] {
  return prepared<EmbargoKey>(
    db,
    'SELECT key, intake_id FROM embargo_keys WHERE (key, intake_id) > (?, ?) ORDER BY key, intake_id LIMIT ?',
  )
    .raw(true)
    .all(args.key, args.intakeId, args.limit);
}

/** Answers of one source that mean the same, and how many there are. Codes as stored. */
export interface AnswerClass {
  readonly source: number;
  readonly status: number;
  readonly noAnswer: number | null;
  readonly score: number | null;
  readonly count: number;
}

/** Stretches of files that stand for all, spread evenly from the oldest to the newest, and files in each. */
const SAMPLES = 64;
const SAMPLE_FILES = 160;

/**
 * Answers of every source by what they mean, of at most some ten thousand files out of the whole cache, so that it takes
 * the same few milliseconds however large the cache is. Items without an answer are left out.
 */
function answerClasses(db: ReadableDb, _args: Record<string, never>): readonly AnswerClass[] {
  const last = prepared<number>(db, 'SELECT coalesce(max(file_id), 0) FROM items').pluck(true).get() ?? 0;
  const step = Math.max(SAMPLE_FILES, Math.ceil(last / SAMPLES));
  const starts = Array.from({ length: Math.ceil(last / step) }, (_, place) => place * step + 1);
  return prepared<AnswerClass>(
    db,
    `SELECT i.source, i.status, i.no_answer AS noAnswer, i.score, count(*) AS count
     FROM json_each(?) w CROSS JOIN items i ON i.file_id >= w.value AND i.file_id < w.value + ${SAMPLE_FILES}
     WHERE i.no_answer IS NULL OR i.no_answer = ${NO_ANSWER_CODE['not-known']}
     GROUP BY i.source, i.status, i.no_answer, i.score`,
  ).all(JSON.stringify(starts));
}

/** Whether the key is kept for the intake under embargo. */
function hasEmbargoKey(db: ReadableDb, args: { readonly key: number; readonly intakeId: number }): boolean {
  return (
    prepared(db, 'SELECT 1 FROM embargo_keys WHERE key = +? AND intake_id = +?').get(args.key, args.intakeId) !==
    undefined
  );
}

/** Intakes under embargo, and intakes whose keys are kept; both are the same set unless something was interrupted. */
function embargoedIntakes(db: ReadableDb): { readonly flagged: readonly number[]; readonly keyed: readonly number[] } {
  const flagged = prepared<number>(db, 'SELECT id FROM intakes WHERE embargo = 1 ORDER BY id').pluck(true).all();
  const keyed: number[] = [];
  // One step of the index per intake: the keys of each are many.
  const next = prepared<number>(db, 'SELECT min(intake_id) FROM embargo_keys WHERE intake_id > ?').pluck(true);
  for (let id = next.get(-1); typeof id === 'number'; id = next.get(id)) {
    keyed.push(id);
  }
  return { flagged, keyed };
}

/** How long the last answers of a source took, in milliseconds, newest first; of the last thousand requests alone. */
function recentElapsed(db: ReadableDb, args: { readonly source: number; readonly limit: number }): readonly number[] {
  return prepared<number>(
    db,
    `SELECT elapsed_ms FROM requests
     WHERE id > (SELECT coalesce(max(id), 0) FROM requests) - 1000 AND +source = ? AND http_status = 200
     ORDER BY id DESC LIMIT ?`,
  )
    .pluck(true)
    .all(args.source, args.limit);
}

/** Hashes that a source is asked about before those of a scan: looked up by a person, or new and queued earlier. */
function queuedAhead(db: ReadableDb, args: { readonly source: number }): number {
  const sql = 'SELECT coalesce(sum(waiting), 0) FROM queue_groups WHERE source = +? AND purpose <= 2 AND paused = 0';
  return prepared<number>(db, sql).pluck(true).get(args.source) ?? 0;
}

export const scanReads = { recentElapsed, queuedAhead, answerClasses, hasEmbargoKey, embargoedIntakes } as const;
