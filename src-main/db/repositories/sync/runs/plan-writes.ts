import type { IndicatorType } from '#shared/domain/indicator.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { WritableDb } from '../../../handles.ts';
import { insertMany } from '../../../many-rows.ts';
import { prepared } from '../../../prepared.ts';
import { startSlice, type Sliced } from '../../../slices.ts';
import { bucketOf } from '../packages/bucket.ts';
import { existing } from '../jobs.ts';
import { readLeaves } from '../packages/leaves.ts';
import { packageName } from '../packages/package-identity.ts';
import { isPackaged } from '../packages/packaged.ts';
import { NOT_SHOWN, PLAN_RANK } from './plan.ts';
import { syncRun } from './runs.ts';
import type { PlannedIndicator } from '../types.ts';

/** What a row of the plan takes from the indicator: as pulled, or as known where it was not pulled. */
interface Side {
  readonly type: IndicatorType;
  readonly summary: string;
  readonly owner: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly tags: string;
}

interface KnownSide extends Side {
  readonly sent: number;
  readonly sent_rating: number | null;
  readonly sent_confidence: number | null;
}

interface PlanWriter {
  readonly put: (row: PlannedIndicator) => void;
  readonly flush: () => void;
}

const PUT_COLUMNS = [
  'run_id',
  'rank',
  'id',
  'package',
  'old_rating',
  'old_confidence',
  'reason',
  'why',
  'wanted',
  'held',
  'held_by',
  'type',
  'summary',
  'owner',
  'rating',
  'confidence',
  'tags',
] as const;
/** Keeps what a run decided; about each indicator it decides once. */
function* putPlan(
  db: WritableDb,
  args: { readonly runId: number; readonly rows: readonly PlannedIndicator[] },
): Sliced<void> {
  const writer = planWriter(db, args.runId);
  const slice = startSlice();
  for (const row of args.rows) {
    if (slice.isOver()) {
      writer.flush();
      yield;
      slice.restart();
    }
    writer.put(row);
  }
  writer.flush();
}

function planWriter(db: WritableDb, runId: number): PlanWriter {
  const run = syncRun(db, { runId });
  if (run === null) {
    throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  }
  const { jobId } = run;
  const packageOf = packageNamer(db, jobId);
  const sides = 'type, summary, owner, rating, confidence, tags';
  const pulled = prepared<Side>(db, `SELECT ${sides} FROM sync_pulled WHERE job_id = +? AND id = +?`);
  const known = prepared<KnownSide>(
    db,
    `SELECT ${sides}, sent, sent_rating, sent_confidence FROM sync_indicators WHERE job_id = +? AND id = +?`,
  );
  const rows = insertMany(db, `sync_plan (${PUT_COLUMNS.join(', ')})`, PUT_COLUMNS.length);
  return {
    put(row) {
      const before = known.get(jobId, row.id);
      const side = (row.action === 'unchanged' ? undefined : pulled.get(jobId, row.id)) ?? before;
      rows.add(
        runId,
        row.shown === false ? NOT_SHOWN : PLAN_RANK[row.action],
        row.id,
        side === undefined ? '' : packageOf(side.type, row, before?.sent === 1),
        row.action === 'changed' ? (before?.sent_rating ?? null) : null,
        row.action === 'changed' ? (before?.sent_confidence ?? null) : null,
        row.reason,
        row.why,
        row.wanted ? 1 : 0,
        row.held,
        row.heldBy,
        ...valuesOf(row.action === 'unchanged' ? undefined : side),
      );
    },
    flush: () => rows.flush(),
  };
}

function valuesOf(side: Side | undefined): readonly unknown[] {
  return side === undefined
    ? [null, null, null, null, null, null]
    : [side.type, side.summary, side.owner, side.rating, side.confidence, side.tags];
}

/** The package an indicator is in or is to be in; empty for none. */
function packageNamer(
  db: WritableDb,
  jobId: number,
): (type: IndicatorType, row: PlannedIndicator, isSent: boolean) => string {
  const { name, config } = existing(db, jobId);
  const leaves = readLeaves(db, jobId);
  return (type, row, isSent) => {
    const isIn = isSent || row.action === 'new' || row.action === 'changed' || row.action === 'unchanged';
    if (!isIn || !isPackaged(config, type)) {
      return '';
    }
    const bucket = bucketOf(row.id);
    return packageName(name, type, leaves.find(type, bucket) ?? leaves.free(type, bucket));
  };
}

export const planWrites = { putPlan } as const;
