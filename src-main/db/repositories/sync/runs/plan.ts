import type { HoldReason, IndicatorType, SyncAction, Term, WithdrawalReason } from '#shared/domain/indicator.ts';
import type { ReadableDb } from '../../../handles.ts';
import { prepared } from '../../../prepared.ts';
import { syncRun } from './runs.ts';
import { termsOf } from '../indicators/stored.ts';
import { containing } from '../indicators/text-search.ts';

/** A decision as it is shown; `terms` are as known now, empty when they no longer are. */
export interface PlanRow {
  readonly position: number;
  readonly action: SyncAction;
  readonly id: number;
  readonly type: IndicatorType;
  readonly summary: string;
  readonly terms: readonly Term[];
  readonly owner: string;
  readonly rating: number | null;
  readonly confidence: number | null;
  readonly tags: readonly string[];
  readonly oldRating: number | null;
  readonly oldConfidence: number | null;
  readonly package: string;
  readonly reason: WithdrawalReason | HoldReason | null;
  readonly why: string;
}

/** `sync_plan.rank`: the order in which decisions are shown. Never renumber. */
export const PLAN_RANK: Readonly<Record<SyncAction, number>> = {
  held: 0,
  new: 1,
  changed: 2,
  withdrawn: 3,
  invalid: 4,
  unchanged: 5,
};
/** Rank of what is carried out and not shown. */
export const NOT_SHOWN = 99;
const ACTIONS = Object.entries(PLAN_RANK)
  .toSorted(([, a], [, b]) => a - b)
  .map(([action]) => action as SyncAction);

interface StoredPlan extends Omit<PlanRow, 'position' | 'action' | 'terms' | 'tags'> {
  readonly rank: number;
  readonly terms: string | null;
  readonly tags: string | null;
}

const PAGE_COLUMNS = `p.rank, p.id, coalesce(p.type, i.type, 'File') AS type, coalesce(p.summary, i.summary, '') AS summary,
  coalesce(i.terms, s.terms) AS terms, coalesce(p.owner, i.owner, '') AS owner,
  CASE WHEN p.type IS NULL THEN i.rating ELSE p.rating END AS rating,
  CASE WHEN p.type IS NULL THEN i.confidence ELSE p.confidence END AS confidence,
  coalesce(p.tags, i.tags) AS tags, p.old_rating AS oldRating, p.old_confidence AS oldConfidence, p.package, p.reason,
  p.why`;

/** Decisions of a run, held back first and unchanged last, each in order of id; `text` is looked for in all words of a row. */
function syncPlanPage(
  db: ReadableDb,
  args: {
    readonly runId: number;
    readonly actions?: readonly SyncAction[] | undefined;
    readonly text?: string | undefined;
    readonly offset: number;
    readonly limit: number;
  },
): { readonly total: number; readonly rows: PlanRow[] } {
  const jobId = syncRun(db, args)?.jobId ?? 0;
  const ranks = new Set((args.actions ?? ACTIONS).map((action) => PLAN_RANK[action]));
  const text = args.text?.trim() ?? '';
  const { total, rowids } =
    text === '' ? cut(db, args, ranks) : found(db, { ...args, jobId, ranks, like: containing(text) });
  const row = prepared<StoredPlan>(
    db,
    `SELECT ${PAGE_COLUMNS} FROM sync_plan p LEFT JOIN sync_indicators i ON i.job_id = +? AND i.id = p.id
       LEFT JOIN sync_pulled s ON s.job_id = +? AND s.id = p.id WHERE p.rowid = +?`,
  );
  const rows = rowids.map((rowid) => row.get(jobId, jobId, rowid)).filter((stored) => stored !== undefined);
  return { total, rows: rows.map((stored, index) => toRow(stored, args.offset + index)) };
}

/** Ids that a run decided so about, after id `after`, in order. */
function syncPlanIds(
  db: ReadableDb,
  args: { readonly runId: number; readonly action: SyncAction; readonly after?: number; readonly limit?: number },
): number[] {
  return prepared<number>(db, 'SELECT id FROM sync_plan WHERE run_id = +? AND rank = +? AND id > ? ORDER BY id LIMIT ?')
    .pluck(true)
    .all(args.runId, PLAN_RANK[args.action], args.after ?? 0, args.limit ?? -1);
}

/** How many indicators a run decided on, by decision. */
function syncPlanCounts(db: ReadableDb, args: { readonly runId: number }): Readonly<Record<SyncAction, number>> {
  const counts = rankCounts(db, args.runId);
  return Object.fromEntries(ACTIONS.map((action) => [action, counts.get(PLAN_RANK[action]) ?? 0])) as Record<
    SyncAction,
    number
  >;
}

interface Cut {
  readonly total: number;
  readonly rowids: readonly number[];
}

function cut(
  db: ReadableDb,
  args: { readonly runId: number; readonly offset: number; readonly limit: number },
  ranks: ReadonlySet<number>,
): Cut {
  const counts = [...rankCounts(db, args.runId)].filter(([rank]) => ranks.has(rank));
  const page = prepared<number>(
    db,
    'SELECT rowid FROM sync_plan WHERE run_id = +? AND rank = +? ORDER BY id LIMIT ? OFFSET ?',
  ).pluck(true);
  const rowids: number[] = [];
  let skip = args.offset;
  for (const [rank, count] of counts) {
    if (skip < count && rowids.length < args.limit) {
      rowids.push(...page.all(args.runId, rank, args.limit - rowids.length, skip));
    }
    skip = Math.max(0, skip - count);
  }
  return { total: counts.reduce((sum, [, count]) => sum + count, 0), rowids };
}

function found(
  db: ReadableDb,
  args: {
    readonly runId: number;
    readonly jobId: number;
    readonly ranks: ReadonlySet<number>;
    readonly like: string;
    readonly offset: number;
    readonly limit: number;
  },
): Cut {
  const rows = prepared<{ readonly rowid: number; readonly rank: number }>(
    db,
    String.raw`SELECT p.rowid AS rowid, p.rank FROM sync_plan p
       LEFT JOIN sync_indicators i ON p.type IS NULL AND i.job_id = +@jobId AND i.id = p.id
     WHERE p.run_id = +@runId AND (coalesce(p.summary, i.summary) LIKE @like ESCAPE '\'
       OR coalesce(p.owner, i.owner) LIKE @like ESCAPE '\' OR coalesce(p.tags, i.tags) LIKE @like ESCAPE '\'
       OR p.package LIKE @like ESCAPE '\' OR p.why LIKE @like ESCAPE '\') ORDER BY p.rank, p.id`,
  )
    .all({ jobId: args.jobId, runId: args.runId, like: args.like })
    .filter((row) => args.ranks.has(row.rank));
  return {
    total: rows.length,
    rowids: rows.slice(args.offset, args.offset + args.limit).map((row) => row.rowid),
  };
}

/** In order of rank. */
function rankCounts(db: ReadableDb, runId: number): Map<number, number> {
  const rows = prepared<{ readonly rank: number; readonly n: number }>(
    db,
    'SELECT rank, count(*) AS n FROM sync_plan WHERE run_id = +? GROUP BY rank ORDER BY rank',
  ).all(runId);
  return new Map(rows.map(({ rank, n }) => [rank, n]));
}

function toRow({ rank, ...row }: StoredPlan, position: number): PlanRow {
  return {
    ...row,
    position,
    action: ACTIONS[rank] ?? 'unchanged',
    terms: termsOf(row.terms ?? ''),
    tags: JSON.parse(row.tags ?? '[]') as string[],
  };
}

export const planReads = { syncPlanPage, syncPlanIds, syncPlanCounts } as const;
