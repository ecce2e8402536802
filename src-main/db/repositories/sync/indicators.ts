import type { HoldReason } from '#shared/domain/indicator.ts';
import type { ReadableDb, WritableDb } from '../../handles.ts';
import { prepared } from '../../prepared.ts';
import { startSlice, type Sliced } from '../../slices.ts';
import { appendChange } from '../changes.ts';
import { existing } from './jobs.ts';
import { readLeaves, startTouching } from './leaves.ts';
import { packageName } from './package-identity.ts';
import { isPackaged } from './packaged.ts';
import { termsOf, toKnown, type StoredKnown } from './stored.ts';
import { containing } from './text-search.ts';
import type { IndicatorRow } from './types.ts';
import type { IndicatorType, Term } from '#shared/domain/indicator.ts';

/** An indicator as it is listed; `package` is empty where none holds it or is to. */
export interface ListedIndicator extends IndicatorRow {
  readonly package: string;
}

/** A file as it was pulled, held back or not. */
export interface PulledFile {
  readonly id: number;
  readonly terms: readonly Term[];
  readonly rating: number | null;
}

const LOOK_EVERY = 50;
const WHICH = {
  sent: 'AND sent = 1',
  held: 'AND held IS NOT NULL',
  all: '',
} as const;
/** In summary, terms, owner or tags, or as its id. */
const HOLDS_TEXT = String.raw`AND (summary LIKE ? ESCAPE '\' OR terms LIKE ? ESCAPE '\' OR owner LIKE ? ESCAPE '\'
  OR tags LIKE ? ESCAPE '\' OR CAST(id AS TEXT) = ?)`;
const INDEX = {
  sent: 'INDEXED BY sync_indicators_sent',
  held: 'INDEXED BY sync_indicators_held',
  all: '',
} as const;

/** Indicators in Threat Response, held back and not released, that match, and packages that are there. */
function syncCounts(
  db: ReadableDb,
  args: { readonly jobId: number },
): { readonly sent: number; readonly held: number; readonly wanted: number; readonly packages: number } {
  const count = (sql: string): number => prepared<number>(db, sql).pluck(true).get(args.jobId) ?? 0;
  const held = count(
    `SELECT count(*) FROM sync_indicators INDEXED BY sync_indicators_held
     WHERE job_id = +? AND held IS NOT NULL AND goes = 0 AND wanted = 1`,
  );
  const goes = ['Address', 'File', 'Host'].reduce(
    (sum, type) =>
      sum + count(`SELECT count(*) FROM sync_indicators WHERE job_id = +? AND type = '${type}' AND goes = 1`),
    0,
  );
  return {
    sent: count('SELECT count(*) FROM sync_indicators INDEXED BY sync_indicators_sent WHERE job_id = +? AND sent = 1'),
    held,
    wanted: goes + held,
    packages: count('SELECT count(*) FROM sync_packages WHERE job_id = +? AND intel_id IS NOT NULL'),
  };
}

/** Indicators by id: those that are sent, those something stands against (released ones too), or all. */
function syncIndicatorsPage(
  db: ReadableDb,
  args: {
    readonly jobId: number;
    readonly which: keyof typeof WHICH;
    readonly text?: string | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): { readonly total: number; readonly rows: ListedIndicator[] } {
  const text = args.text?.trim() ?? '';
  const from = `sync_indicators ${INDEX[args.which]} WHERE job_id = +? ${WHICH[args.which]}`;
  const like = text === '' ? '' : HOLDS_TEXT;
  const values = text === '' ? [args.jobId] : [args.jobId, ...Array.from({ length: 4 }, () => containing(text)), text];
  const total =
    prepared<number>(db, `SELECT count(*) FROM ${from} ${like}`)
      .pluck(true)
      .get(...values) ?? 0;
  const ids = prepared<number>(db, `SELECT id FROM ${from} ${like} ORDER BY id LIMIT ? OFFSET ?`)
    .pluck(true)
    .all(...values, args.limit, args.offset);
  return { total, rows: syncIndicatorsById(db, { jobId: args.jobId, ids }) };
}

/** Indicators of a job with these ids, in this order; ids it does not know are left out. */
function syncIndicatorsById(
  db: ReadableDb,
  args: { readonly jobId: number; readonly ids: readonly number[] },
): ListedIndicator[] {
  if (args.ids.length === 0) {
    return [];
  }
  const { name, config } = existing(db, args.jobId);
  const leaves = readLeaves(db, args.jobId);
  const row = prepared<StoredKnown & { readonly bucket: number }>(
    db,
    'SELECT * FROM sync_indicators WHERE job_id = +? AND id = +?',
  );
  return args.ids.flatMap((id) => {
    const stored = row.get(args.jobId, id);
    if (stored === undefined) {
      return [];
    }
    const known = toKnown(stored);
    const prefix = known.sent || known.goes ? leaves.find(known.type, stored.bucket) : null;
    const isIn = prefix !== null && isPackaged(config, known.type);
    return [{ ...known, package: isIn ? packageName(name, known.type, prefix) : '' }];
  });
}

/** Files of a job that match, after id `after`, in order of id: what ThreatConnect says, held back or not. */
function syncFiles(
  db: ReadableDb,
  args: { readonly jobId: number; readonly after: number; readonly limit: number },
): PulledFile[] {
  return prepared<Pick<StoredKnown, 'id' | 'terms' | 'rating'>>(
    db,
    `SELECT id, terms, rating FROM sync_indicators WHERE job_id = +? AND id > ? AND +type = 'File' AND wanted = 1
     ORDER BY id LIMIT ?`,
  )
    .all(args.jobId, args.after, args.limit)
    .map(({ id, terms, rating }) => ({ id, terms: termsOf(terms), rating }));
}

/**
 * Calls indicators back, all that a job knows with `ids` null: they stay out until they are released, and their packages are
 * to be written. Returns how many were not called back before.
 */
function* recallIndicators(
  db: WritableDb,
  args: { readonly jobId: number; readonly ids: readonly number[] | null; readonly by: string },
): Sliced<number> {
  return yield* change(
    db,
    args.jobId,
    args.ids ?? allIds(db, args.jobId),
    `recalled = 1, released = 0, held = CASE held WHEN 'own' THEN held ELSE 'recalled' END, held_by = @value
     WHERE (recalled = 0 OR released = 1)`,
    args.by,
  );
}

/**
 * Lets held-back indicators go, or holds released ones back again; their packages are to be written. Own addresses stay held
 * back. Returns how many changed.
 */
function* releaseIndicators(
  db: WritableDb,
  args: { readonly jobId: number; readonly ids: readonly number[]; readonly release: boolean },
): Sliced<number> {
  const set = args.release
    ? "released = @value WHERE released = 0 AND held IS NOT NULL AND held <> 'own'"
    : 'released = @value WHERE released = 1';
  return yield* change(db, args.jobId, args.ids, set, args.release ? 1 : 0);
}

/** Notes what stands against indicators, null for nothing, whether they were pulled now or not. Returns how many changed. */
function* setHeld(
  db: WritableDb,
  args: {
    readonly jobId: number;
    readonly rows: readonly { readonly id: number; readonly held: HoldReason | null; readonly heldBy: string }[];
  },
): Sliced<number> {
  const put = changer(
    db,
    args.jobId,
    `held = CASE WHEN @value = 'own' THEN 'own' WHEN recalled = 1 THEN 'recalled' ELSE @value END,
     held_by = CASE WHEN recalled = 1 THEN held_by ELSE @heldBy END
     WHERE (recalled = 0 OR @value = 'own') AND (held IS NOT @value OR held_by IS NOT @heldBy)`,
  );
  return yield* inSlices(db, args.jobId, args.rows, ({ id, held, heldBy }, touch) => put(touch, id, held, heldBy));
}

type Touching = ReturnType<typeof startTouching>;

function* change(
  db: WritableDb,
  jobId: number,
  ids: readonly number[],
  set: string,
  value: string | number,
): Sliced<number> {
  const put = changer(db, jobId, set);
  return yield* inSlices(db, jobId, ids, (id, touch) => put(touch, id, value, ''));
}

/** Changes one indicator, and marks its package when that moves it in or out. */
function changer(
  db: WritableDb,
  jobId: number,
  set: string,
): (touch: Touching, id: number, value: string | number | null, heldBy: string) => boolean {
  const { config } = existing(db, jobId);
  const look = prepared<{
    readonly type: IndicatorType;
    readonly bucket: number;
    readonly goes: number;
    readonly sent: number;
  }>(db, 'SELECT type, bucket, goes, sent FROM sync_indicators WHERE job_id = +? AND id = +?');
  const update = prepared(db, `UPDATE sync_indicators SET ${set} AND job_id = +@jobId AND id = +@id`);
  return (touch, id, value, heldBy) => {
    const bound = set.includes('@heldBy') ? { jobId, id, value, heldBy } : { jobId, id, value };
    const before = look.get(jobId, id);
    if (before === undefined || update.run(bound).changes === 0) {
      return false;
    }
    const goes = look.get(jobId, id)?.goes;
    // Also what is not sent yet may be on its way.
    if ((goes !== before.goes || goes !== before.sent) && (isPackaged(config, before.type) || before.sent === 1)) {
      touch.touch(before.type, before.bucket);
    }
    return true;
  };
}

function* inSlices<T>(
  db: WritableDb,
  jobId: number,
  items: readonly T[],
  work: (item: T, touch: Touching) => boolean,
): Sliced<number> {
  let done = 0;
  let changed = 0;
  while (done < items.length) {
    const slice = startSlice(20);
    const touch = startTouching(db, jobId);
    do {
      for (const item of items.slice(done, done + LOOK_EVERY)) {
        changed += work(item, touch) ? 1 : 0;
      }
      done += LOOK_EVERY;
    } while (done < items.length && !slice.isOver());
    touch.save();
    if (done < items.length) {
      yield;
    }
  }
  if (changed > 0) {
    appendChange(db, 'sync', jobId);
  }
  return changed;
}

function allIds(db: ReadableDb, jobId: number): number[] {
  return prepared<number>(db, 'SELECT id FROM sync_indicators WHERE job_id = +? ORDER BY id').pluck(true).all(jobId);
}

export const indicatorReads = { syncCounts, syncIndicatorsPage, syncIndicatorsById, syncFiles } as const;
export const indicatorWrites = { recallIndicators, releaseIndicators, setHeld } as const;
