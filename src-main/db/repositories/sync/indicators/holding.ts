import type { HoldReason, IndicatorType } from '#shared/domain/indicator.ts';
import type { ReadableDb, WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { appendChange } from '../../changes.ts';
import { existing } from '../jobs.ts';
import { startTouching, type Touch } from '../packages/leaves.ts';
import { isPackaged } from '../packages/packaged.ts';

/** Indicators changed before the clock is looked at. */
const LOOK_EVERY = 50;
/** Committing rows of random places of the indexes takes about as long again. */
const HOLDING_SLICE_MS = 20;

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
     held_by = CASE WHEN recalled = 1 AND @value IS NOT 'own' THEN held_by ELSE @heldBy END
     WHERE (recalled = 0 OR @value = 'own') AND (held IS NOT @value OR held_by IS NOT @heldBy)`,
  );
  return yield* inSlices(db, args.jobId, args.rows, ({ id, held, heldBy }, touch) => put(touch, id, held, heldBy));
}

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
): (touch: Touch, id: number, value: string | number | null, heldBy: string) => boolean {
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
  work: (item: T, touch: Touch) => boolean,
): Sliced<number> {
  let done = 0;
  let changed = 0;
  while (done < items.length) {
    const slice = startSlice(HOLDING_SLICE_MS);
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

export const holdingWrites = { recallIndicators, releaseIndicators, setHeld } as const;
