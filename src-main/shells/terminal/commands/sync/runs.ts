import type { CallOutput } from '#shared/contract/index.ts';
import type { SyncLedgerRow, SyncPlanRow, SyncRunView } from '#shared/contract/sync.ts';
import { SYNC_ACTIONS, type SyncAction } from '#shared/domain/indicator.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { count, counted } from '../../output/numbers.ts';
import { writeListing, type OutputFormat } from '../../output/records.ts';
import { visible } from '../../output/plain-text.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import type { TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { codeOfRun, countsText, followRun } from './follow-run.ts';
import { isAgreed } from './jobs.ts';
import { isoOf, jobOf, utcOf } from './job-of.ts';

export interface RowsOptions {
  readonly format: OutputFormat;
  readonly rows: number | 'all';
  readonly only?: readonly SyncAction[];
}

/** A page of the contract. */
const PAGE = 500;
/** Without `--only`, what a table leaves out: most of it, and nothing to do about it. */
const NEWS = SYNC_ACTIONS.filter((action) => action !== 'unchanged');

type Row<N extends 'sync.log' | 'sync.requests'> = CallOutput<N>['rows'][number];

/** Runs a job here and now, or asks whoever does outbound work for it, and waits. */
export async function runJob(
  session: Session,
  named: string,
  kind: 'run' | 'reconcile' | 'dry-run',
  options: RowsOptions,
): Promise<number> {
  return session.withEngine(async (engine) => {
    const job = await jobOf(engine, named);
    const run = await followRun(session, engine, await engine.threatSync.request({ jobId: job.id, kind }));
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
    await writePlan(session, engine, stopped.id, { ...flags, only: ['withdrawn'] });
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

/** Writes what a run did or would do, and how it ended. Data goes to standard output, the sentence beside it. */
export async function reportRun(
  session: Session,
  engine: Engine,
  run: SyncRunView,
  options: RowsOptions,
): Promise<number> {
  if (run.state === 'done' || run.state === 'needs-approval') {
    await writePlan(session, engine, run.id, options);
  }
  session.warn(runText(run));
  if (run.state === 'needs-approval') {
    session.warn(`Look at what it would withdraw above, then: assay sync approve ${run.id}`);
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
      data: ({ requestedAt, startedAt, endedAt, counts, ...run }) => ({
        ...run,
        requestedAt: isoOf(requestedAt),
        startedAt: isoOf(startedAt),
        endedAt: isoOf(endedAt),
        ...counts,
      }),
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
    session.note(runText(run));
    switch (part) {
      case 'plan':
        await writePlan(session, engine, runId, options);
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

/** How a run ended, in a sentence or two. */
export function runText(run: SyncRunView): string {
  const what =
    run.kind === 'dry-run' || run.kind === 'recall-dry-run' ? `Dry run ${run.id}, nothing written` : `Run ${run.id}`;
  const words = { 'needs-approval': 'stopped to ask', done: 'done' } as const;
  const state = run.state === 'done' || run.state === 'needs-approval' ? words[run.state] : run.state;
  return visible(`${what}: ${state}. ${countsText(run.counts)}.${run.message === '' ? '' : ` ${run.message}`}`);
}

async function writePlan(session: Session, { threatSync }: Engine, runId: number, options: RowsOptions): Promise<void> {
  const actions = options.only ?? (options.format === 'table' ? NEWS : undefined);
  const { rows, total } = await someRows(options, (page) =>
    threatSync.plan({ runId, ...(actions === undefined ? {} : { actions: [...actions] }), ...page }),
  );
  await writeListing(session, options.format, {
    rows,
    whenEmpty: options.only === undefined ? 'Nothing is new, changed, withdrawn or held back.' : 'Nothing of that.',
    columns: planColumns(session),
    data: ({ position: _position, ...row }) => row,
    names: PLAN_NAMES,
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
    data: (row) => ({ ...row, ...('at' in row ? { at: isoOf(row.at as number) } : {}) }),
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

const PLAN_NAMES = [
  'action',
  'id',
  'type',
  'summary',
  'owner',
  'rating',
  'confidence',
  'tags',
  'oldRating',
  'oldConfidence',
  'package',
  'reason',
  'why',
  'here',
];

function planColumns({ style }: Session): TableColumn<SyncPlanRow>[] {
  return [
    { header: 'change', cell: ({ action }) => (action === 'held' ? 'held back' : action) },
    { header: 'type', cell: ({ type }) => type },
    { header: 'indicator', cell: ({ summary }) => visible(summary), cut: 'middle', least: 17 },
    { header: 'rating', align: 'right', cell: ({ rating, oldRating }) => becoming(oldRating, rating) },
    { header: 'conf.', align: 'right', cell: ({ confidence, oldConfidence }) => becoming(oldConfidence, confidence) },
    { header: 'package', cell: (row) => visible(row.package) },
    {
      header: 'here',
      cell: ({ here }) => (here === null ? '' : `${STATUS_SHAPE[here]} ${here}`),
      paint: ({ here }, text) => (here === null ? text : style.status(here, text)),
    },
    { header: 'why', cell: ({ why, reason }) => visible(why === '' ? (reason ?? '') : why), least: 10 },
  ];
}

function becoming(before: number | null, now: number | null): string {
  const text = now === null ? '' : String(now);
  return before === null || before === now ? text : `${before} → ${text === '' ? '–' : text}`;
}

const RUN_COLUMNS: readonly TableColumn<SyncRunView>[] = [
  { header: 'run', align: 'right', cell: ({ id }) => String(id) },
  { header: 'when (UTC)', cell: ({ startedAt, requestedAt }) => utcOf(startedAt ?? requestedAt) },
  { header: 'kind', cell: ({ kind }) => kind.replaceAll('-', ' ') },
  { header: 'state', cell: ({ state }) => state.replaceAll('-', ' ') },
  { header: 'new', align: 'right', cell: ({ counts }) => count(counts.new) },
  { header: 'changed', align: 'right', cell: ({ counts }) => count(counts.changed) },
  { header: 'withdrawn', align: 'right', cell: ({ counts }) => count(counts.withdrawn) },
  { header: 'held back', align: 'right', cell: ({ counts }) => count(counts.held) },
  { header: 'packages', align: 'right', cell: ({ counts }) => count(counts.packages) },
  { header: 'what came of it', cell: ({ message }) => visible(message), least: 12 },
];

const LOG_COLUMNS: readonly TableColumn<Row<'sync.log'>>[] = [
  { header: 'when (UTC)', cell: ({ at }) => new Date(at).toISOString().slice(0, 19).replace('T', ' ') },
  { header: 'level', cell: ({ level }) => level },
  { header: 'what', cell: ({ text }) => visible(text), least: 20 },
];

const LEDGER_COLUMNS: readonly TableColumn<SyncLedgerRow>[] = [
  { header: 'when (UTC)', cell: ({ at }) => utcOf(at) },
  { header: 'what', cell: ({ action }) => action },
  { header: 'where', cell: ({ host }) => host },
  { header: 'package', cell: (row) => visible(row.package), least: 12 },
  { header: 'intel', align: 'right', cell: ({ intelId }) => (intelId === null ? '' : String(intelId)) },
  { header: 'added', align: 'right', cell: ({ added }) => count(added) },
  { header: 'removed', align: 'right', cell: ({ removed }) => count(removed) },
  {
    header: 'answer',
    cell: ({ outcome, httpStatus }) => `${outcome ?? 'on its way'}${httpStatus === null ? '' : ` (${httpStatus})`}`,
  },
  { header: 'message', cell: ({ message }) => visible(message), least: 8 },
];

const REQUEST_COLUMNS: readonly TableColumn<Row<'sync.requests'>>[] = [
  { header: 'when (UTC)', cell: ({ at }) => utcOf(at) },
  { header: 'where', cell: ({ host }) => host },
  { header: 'request', cell: ({ label }) => label, least: 20 },
  { header: 'status', align: 'right', cell: ({ httpStatus }) => (httpStatus === null ? '' : String(httpStatus)) },
  { header: 'ms', align: 'right', cell: ({ elapsedMs }) => (elapsedMs === null ? '' : count(elapsedMs)) },
  { header: 'message', cell: ({ message }) => visible(message), least: 8 },
];
