import type { CallOutput } from '#shared/contract/index.ts';
import type { SyncLedgerRow, SyncPlanRow, SyncRunView } from '#shared/contract/sync.ts';
import { REASON_WORDS } from '#shared/domain/sync-reasons.ts';
import { count } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import type { TableColumn } from '../../output/table.ts';
import type { Session } from '../../session.ts';
import { utcOf } from './job-of.ts';
import { outcomeText, stateText } from './run-text.ts';

type Row<N extends 'sync.log' | 'sync.requests'> = CallOutput<N>['rows'][number];

/** Columns of what a run did or would do. */
export function planColumns({ style }: Session): TableColumn<SyncPlanRow>[] {
  return [
    { header: 'change', cell: ({ action }) => (action === 'held' ? 'held back' : action) },
    { header: 'type', cell: ({ type }) => type },
    { header: 'indicator', cell: ({ summary }) => visible(summary), cut: 'middle', least: 17 },
    { header: 'rating', align: 'right', cell: ({ rating, oldRating }) => becoming(oldRating, rating) },
    { header: 'conf.', align: 'right', cell: ({ confidence, oldConfidence }) => becoming(oldConfidence, confidence) },
    { header: 'package', cell: (row) => visible(row.package), cut: 'start', least: 9 },
    {
      header: 'here',
      cell: ({ here }) => (here === null ? '' : `${STATUS_SHAPE[here]} ${here}`),
      paint: ({ here }, text) => (here === null ? text : style.status(here, text)),
    },
    {
      header: 'why',
      cell: ({ why, reason }) => visible(why !== '' || reason === null ? why : REASON_WORDS[reason]),
      least: 10,
    },
  ];
}

function becoming(before: number | null, now: number | null): string {
  const text = now === null ? '' : String(now);
  return before === null || before === now ? text : `${before} → ${text === '' ? '–' : text}`;
}

/** Columns of a list of runs. */
export const RUN_COLUMNS: readonly TableColumn<SyncRunView>[] = [
  { header: 'run', align: 'right', cell: ({ id }) => String(id) },
  { header: 'when (UTC)', cell: ({ startedAt, requestedAt }) => utcOf(startedAt ?? requestedAt) },
  { header: 'kind', cell: ({ kind }) => kind.replaceAll('-', ' ') },
  { header: 'state', cell: stateText },
  { header: 'packages', align: 'right', cell: ({ counts }) => count(counts.packages) },
  { header: 'what came of it', cell: outcomeText, least: 16 },
];

/** To the second, as a run lasts some. */
function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** Columns of the log of a run. */
export const LOG_COLUMNS: readonly TableColumn<Row<'sync.log'>>[] = [
  { header: 'when (UTC)', cell: ({ at }) => new Date(at).toISOString().slice(0, 19).replace('T', ' ') },
  { header: 'level', cell: ({ level }) => level },
  { header: 'what', cell: ({ text }) => visible(text), least: 20 },
];

/** Columns of what was written. */
export const LEDGER_COLUMNS: readonly TableColumn<SyncLedgerRow>[] = [
  { header: 'UTC', cell: ({ at }) => timeOf(at) },
  { header: 'what', cell: ({ action }) => action, least: 16 },
  { header: 'where', cell: ({ host }) => host, cut: 'middle', least: 9 },
  { header: 'package', cell: (row) => visible(row.package), cut: 'start', least: 9 },
  { header: 'intel', align: 'right', cell: ({ intelId }) => (intelId === null ? '' : String(intelId)) },
  {
    header: 'in, out',
    align: 'right',
    cell: ({ added, removed }) => (added + removed === 0 ? '' : `+${count(added)} −${count(removed)}`),
  },
  {
    header: 'answer',
    cell: ({ outcome, httpStatus }) => `${outcome ?? 'on its way'}${httpStatus === null ? '' : ` (${httpStatus})`}`,
  },
  { header: 'message', cell: ({ message }) => visible(message), least: 7 },
];

/** Columns of the requests of a run. */
export const REQUEST_COLUMNS: readonly TableColumn<Row<'sync.requests'>>[] = [
  { header: 'UTC', cell: ({ at }) => timeOf(at) },
  { header: 'where', cell: ({ host }) => host, cut: 'middle', least: 12 },
  { header: 'request', cell: ({ label }) => label, cut: 'middle', least: 20 },
  { header: 'status', align: 'right', cell: ({ httpStatus }) => (httpStatus === null ? '' : String(httpStatus)) },
  { header: 'ms', align: 'right', cell: ({ elapsedMs }) => (elapsedMs === null ? '' : count(elapsedMs)) },
  { header: 'message', cell: ({ message }) => visible(message), least: 8 },
];
