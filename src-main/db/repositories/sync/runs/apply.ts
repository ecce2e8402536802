import type { HoldReason, IndicatorType, WithdrawalReason } from '#shared/domain/indicator.ts';
import type { WritableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { bucketOf } from '../packages/bucket.ts';
import { existing } from '../jobs.ts';
import { startTouching, type Touch } from '../packages/leaves.ts';
import { isPackaged } from '../packages/packaged.ts';
import { PLAN_RANK } from './plan.ts';
import { INDICATOR_COLUMNS } from '../indicators/stored.ts';

interface Decision {
  readonly rank: number;
  readonly id: number;
  readonly reason: WithdrawalReason | HoldReason | null;
  readonly wanted: number;
  readonly held: HoldReason | null;
  readonly held_by: string;
}

const PAGE = 200;
/** Marking a package costs little, but committing rows from random places of the indexes takes about as long again. */
const APPLY_SLICE_MS = 20;
const MOVES_A_PACKAGE: ReadonlySet<number> = new Set([PLAN_RANK.new, PLAN_RANK.changed, PLAN_RANK.withdrawn]);

/** What a person called back stays so, and nobody lets an own address go, whatever was decided while they did. */
const HELD = `CASE WHEN excluded.held = 'own' THEN 'own' WHEN recalled = 1 THEN 'recalled' ELSE excluded.held END`;
const COLUMNS = INDICATOR_COLUMNS.split(', ');
const OF_PULLED = COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ');
const DIFFERS = [...COLUMNS, 'wanted', 'held', 'held_by']
  .map((column) => `${column} IS NOT excluded.${column}`)
  .join(' OR ');

/**
 * Makes what a run decided true of the indicators, from what it pulled, and marks the packages that are to be written. Begun
 * again after a kill it comes to the same. Returns how many decisions it carried out.
 */
function* applyPlan(db: WritableDb, args: { readonly jobId: number; readonly runId: number }): Sliced<number> {
  const job = existing(db, args.jobId);
  const decisions = prepared<Decision>(
    db,
    `SELECT rank, id, reason, wanted, held, held_by FROM sync_plan WHERE run_id = +? AND (rank, id) > (?, ?)
     ORDER BY rank, id LIMIT ${PAGE}`,
  );
  const apply = decisionWriter(db, args.jobId);
  let done = 0;
  let at: Pick<Decision, 'rank' | 'id'> = { rank: -1, id: 0 };
  for (;;) {
    const slice = startSlice(APPLY_SLICE_MS);
    // Read anew in each transaction: a person may release or call back something in between.
    const touch = startTouching(db, args.jobId);
    let rows: readonly Decision[] = [];
    do {
      rows = decisions.all(args.runId, at.rank, at.id);
      for (const row of rows) {
        apply(row, (type) => isPackaged(job.config, type), touch);
      }
      done += rows.length;
      at = rows.at(-1) ?? at;
    } while (rows.length === PAGE && !slice.isOver());
    touch.save();
    if (rows.length < PAGE) {
      return done;
    }
    yield;
  }
}

function decisionWriter(
  db: WritableDb,
  jobId: number,
): (decision: Decision, isPackagedType: (type: IndicatorType) => boolean, touch: Touch) => void {
  const known = prepared<{ readonly type: IndicatorType; readonly sent: number }>(
    db,
    'SELECT type, sent FROM sync_indicators WHERE job_id = +? AND id = +?',
  );
  const take = prepared(
    db,
    `INSERT INTO sync_indicators (job_id, id, bucket, ${INDICATOR_COLUMNS}, wanted, held, held_by)
     SELECT job_id, id, ?, ${INDICATOR_COLUMNS}, ?, ?, ? FROM sync_pulled WHERE job_id = +? AND id = +?
     ON CONFLICT DO UPDATE SET ${OF_PULLED}, wanted = excluded.wanted, held = ${HELD},
       held_by = CASE WHEN recalled = 1 AND excluded.held IS NOT 'own' THEN held_by ELSE excluded.held_by END
     WHERE ${DIFFERS}`,
  );
  const decide = prepared(
    db,
    `UPDATE sync_indicators SET wanted = @wanted, held = ${HELD.replaceAll('excluded.held', '@held')},
       held_by = CASE WHEN recalled = 1 AND @held IS NOT 'own' THEN held_by ELSE @heldBy END
     WHERE job_id = +@jobId AND id = +@id AND (wanted <> @wanted OR held IS NOT @held OR held_by <> @heldBy)`,
  );
  const recall = prepared(
    db,
    `UPDATE sync_indicators SET recalled = 1, released = 0,
       held = CASE held WHEN 'own' THEN held ELSE 'recalled' END, held_by = ? WHERE job_id = +? AND id = +?`,
  );
  const stand = prepared(
    db,
    `UPDATE sync_indicators SET sent_rating = rating, sent_confidence = confidence
     WHERE job_id = +? AND id = +? AND sent = 1 AND listed_terms = terms`,
  );
  return (decision, isPackagedType, touch) => {
    const { rank, id, wanted, held, held_by: heldBy } = decision;
    const before = known.get(jobId, id);
    if (before === undefined && wanted === 0 && held === null) {
      // It was pulled and is of no use: it cannot be sent, or does not match by our own reading.
      return;
    }
    if (take.run(bucketOf(id), wanted, held, heldBy, jobId, id).changes === 0 && before !== undefined) {
      decide.run({ wanted, held, heldBy, jobId, id });
    }
    if (decision.reason === 'recalled' && rank === PLAN_RANK.withdrawn) {
      recall.run(heldBy, jobId, id);
    }
    const present = known.get(jobId, id)?.type;
    const type = before?.type ?? present;
    if (type !== undefined && rank === PLAN_RANK.changed && !isPackagedType(type)) {
      // The reputation hash list holds digests alone: nothing is written for a new rating.
      stand.run(jobId, id);
    }
    // One that is wanted and cannot be read now stays as it is.
    const isLeft = rank === PLAN_RANK.unchanged || (rank === PLAN_RANK.invalid && wanted === 1);
    const isMoved = MOVES_A_PACKAGE.has(rank) || (before?.sent === 1 && !isLeft);
    if (type !== undefined && isMoved && (isPackagedType(type) || before?.sent === 1)) {
      touch.touch(type, bucketOf(id));
    }
    if (present !== undefined && present !== type && isPackagedType(present)) {
      // It is told to be of another type than before: one package loses it, another gets it.
      touch.touch(present, bucketOf(id));
    }
  };
}

export const applyWrites = { applyPlan } as const;
