import type { SyncRunView } from '#shared/contract/sync.ts';
import { SYNC_ACTIONS, type SyncAction } from '#shared/domain/indicator.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { SYNC_PLAN_NAMES } from '../../../../destinations/sync-plan-rows.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { counted } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import type { TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { codeOfRun, followAsked, followRun } from './follow-run.ts';
import { isoOf, jobOf, plainRun, utcOf } from './job-of.ts';
import { isAgreed } from './jobs.ts';
import { LEDGER_COLUMNS, LOG_COLUMNS, planColumns, REQUEST_COLUMNS, RUN_COLUMNS } from './run-columns.ts';
import { NEWS, runText, stateText } from './run-text.ts';

export interface RowsOptions {
  readonly format: OutputFormat;
  readonly rows: number | 'all';
  readonly only?: readonly SyncAction[];
}

/** A page of the contract. */
const PAGE = 500;
/** Runs a job here and now, or asks whoever does outbound work for it, and waits. */
export async function runJob(
  session: Session,
  named: string,
  kind: 'run' | 'reconcile' | 'dry-run',
  options: RowsOptions,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    const run = await followAsked(session, engine, () => engine.threatSync.request({ jobId: job.id, kind }));
    return reportRun(session, engine, run, options);
  });
}

/** Allows a stopped run what it named, and waits for it. */
export async function approveRun(
  session: Session,
  runId: number,
  flags: { readonly yes?: boolean } & RowsOptions,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const stopped = await engine.threatSync.run(runId);
    if (stopped.state === 'needs-approval' && !stopped.approved) {
      await writePlan(session, engine, stopped, { ...flags, only: ['withdrawn'] });
    } else {
      throw new AppError('CONFLICT', `Run ${runId} does not wait for approval: ${stateText(stopped)}.`);
    }
    const question = `Withdraw ${counted(stopped.counts.withdrawn, 'indicator')} from Threat Response?`;
    if (!(await isAgreed(session, flags.yes, question))) {
      session.warn('Nothing was approved.');
      return EXIT.nothing;
    }
    const run = await followRun(session, engine, await engine.threatSync.approve(runId));
    session.note(runText(run));
    return session.stoppedCode() ?? codeOfRun(run);
  });
}

/** Ends a run: one that waits or stopped to ask at once, one that goes on after its present request. */
export async function cancelRun(session: Session, runId: number): Promise<number> {
  return session.withEngine(async ({ threatSync }) => {
    const before = await threatSync.run(runId);
    const isOpen = before.state === 'requested' || before.state === 'running' || before.state === 'needs-approval';
    if (!isOpen || before.approved) {
      throw new AppError('CONFLICT', `Run ${runId} has ended: ${stateText(before)}. Nothing was changed.`);
    }
    const { state } = await threatSync.cancel(runId);
    session.note(
      state === 'cancelled'
        ? `Run ${runId} is cancelled.`
        : `Run ${runId} ends after its present request. What it wrote until then stays and is known.`,
    );
    return EXIT.done;
  });
}

/** Writes what a run did or would do, and how it ended. Data goes to standard output, the sentence beside it. */
export async function reportRun(
  session: Session,
  engine: Engine,
  run: SyncRunView,
  options: RowsOptions,
): Promise<number> {
  const asks = run.state === 'needs-approval';
  if (run.state === 'done' || asks) {
    const isTable = options.format === 'table' && options.only === undefined;
    await writePlan(session, engine, run, asks && isTable ? { ...options, only: ['withdrawn'] } : options);
  }
  session.warn(runText(run));
  if (asks) {
    session.warn(`To allow it: assay sync approve ${run.id}. To drop it: assay sync cancel ${run.id}.`);
  }
  return session.stoppedCode() ?? codeOfRun(run);
}

/** Runs of a job, newest first. */
export async function listRuns(session: Session, named: string, options: RowsOptions): Promise<number> {
  return session.withEngine(async (engine) => {
    const { id: jobId } = await jobOf(engine, named);
    const { rows, total } = await someRows(options, (page) => engine.threatSync.runs({ jobId, ...page }));
    await writeListing(session, options.format, {
      rows,
      whenEmpty: 'It has not run yet.',
      columns: RUN_COLUMNS,
      data: plainRun,
      footer: leftText(total - rows.length, 'older run'),
    });
    return EXIT.done;
  });
}

/** One part of what is kept about a run. */
export async function showRun(
  session: Session,
  named: string,
  runId: number,
  part: 'plan' | 'log' | 'writes' | 'requests',
  options: RowsOptions,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const { id: jobId } = await jobOf(engine, named);
    const run = await engine.threatSync.run(runId);
    if (run.jobId !== jobId) {
      throw new AppError(
        'NOT_FOUND',
        `Run ${runId} belongs to another job. assay sync history names the runs of a job.`,
      );
    }
    session.note(`${utcOf(run.startedAt ?? run.requestedAt)} UTC, ${run.kind.replaceAll('-', ' ')}. ${runText(run)}`);
    switch (part) {
      case 'plan':
        await writePlan(session, engine, run, options);
        break;
      case 'log':
        await writeSome(session, options, 'line', LOG_COLUMNS, (page) => engine.threatSync.log({ runId, ...page }));
        break;
      case 'writes':
        await writeSome(session, options, 'write', LEDGER_COLUMNS, (page) =>
          engine.threatSync.ledger({ jobId, runId, ...page }),
        );
        break;
      case 'requests':
        await writeSome(session, options, 'request', REQUEST_COLUMNS, (page) =>
          engine.threatSync.requests({ jobId, runId, ...page }),
        );
        break;
    }
    return EXIT.done;
  });
}

async function writePlan(
  session: Session,
  { threatSync }: Engine,
  { id: runId, counts }: SyncRunView,
  options: RowsOptions,
): Promise<void> {
  const actions = options.only ?? (options.format === 'table' ? NEWS : undefined);
  const { rows, total } = await someRows(options, (page) =>
    threatSync.plan({ runId, ...(actions === undefined ? {} : { actions: [...actions] }), ...page }),
  );
  const isPruned = total === 0 && (actions ?? SYNC_ACTIONS).some((action) => counts[action] > 0);
  if (isPruned) {
    session.warn('What it did by indicator is not kept: it is of the last five dry runs and five others of a job.');
    if (options.format === 'table') {
      return;
    }
  }
  await writeListing(session, options.format, {
    rows,
    whenEmpty: options.only === undefined ? 'Nothing is new, changed, withdrawn or held back.' : 'Nothing of that.',
    columns: planColumns(session),
    data: ({ position: _position, action, id, type, summary, owner, rating, confidence, tags, ...row }) => ({
      action,
      id,
      type,
      summary,
      owner,
      rating,
      confidence,
      tags,
      ...row,
    }),
    names: SYNC_PLAN_NAMES,
    footer: leftText(total - rows.length, 'more indicator'),
  });
}

async function writeSome<R extends object>(
  session: Session,
  options: RowsOptions,
  what: string,
  columns: readonly TableColumn<R>[],
  read: (page: {
    readonly offset: number;
    readonly limit: number;
  }) => Promise<{ readonly rows: R[]; readonly total: number }>,
): Promise<void> {
  const { rows, total } = await someRows(options, read);
  await writeListing(session, options.format, {
    rows,
    whenEmpty: 'Nothing is recorded.',
    columns,
    data: (row) => ({
      ...row,
      ...('at' in row ? { at: isoOf(row.at as number) } : {}),
      ...('settledAt' in row ? { settledAt: isoOf(row.settledAt as number | null) } : {}),
    }),
    footer: leftText(total - rows.length, `more ${what}`),
  });
}

/** Rows of a page after the other: as many as a table shows, or all. */
export async function someRows<R>(
  { format, rows: most }: Pick<RowsOptions, 'format' | 'rows'>,
  read: (page: {
    readonly offset: number;
    readonly limit: number;
  }) => Promise<{ readonly rows: R[]; readonly total: number }>,
): Promise<{ readonly rows: R[]; readonly total: number }> {
  const wanted = format === 'table' && most !== 'all' ? most : Number.POSITIVE_INFINITY;
  const rows: R[] = [];
  for (;;) {
    const limit = Math.max(1, Math.min(PAGE, wanted - rows.length));
    const page = await read({ offset: rows.length, limit });
    rows.push(...page.rows.slice(0, wanted - rows.length));
    if (page.rows.length < limit || rows.length >= wanted) {
      return { rows, total: page.total };
    }
  }
}

export function leftText(left: number, what: string): string[] {
  return left > 0 ? [`${counted(left, what)} not shown: add --rows all.`] : [];
}
