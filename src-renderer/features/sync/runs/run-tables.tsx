import { useState, type ReactNode } from 'react';
import type { SyncJobView, SyncLedgerRow, SyncRunView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { duration, instant, number } from '../../../components/words.ts';
import { shortPackage } from '../words.ts';
import { Sheet } from './sheet.tsx';

interface Props {
  readonly run: SyncRunView;
  readonly zone: Preferences['times'];
}

const PAGE = 200;

const OUTCOME: Readonly<Record<NonNullable<SyncLedgerRow['outcome']>, string>> = {
  done: 'done',
  refused: 'refused',
  failed: 'failed',
  unknown: 'no answer, looked up before it is repeated',
  found: 'found there, done',
};

/** The log of a run, oldest first. */
export function LogTable({ run, zone }: Props): ReactNode {
  const [offset, setOffset] = useState(0);
  const { value, error } = useCall('sync.log', { runId: run.id, offset, limit: PAGE }, ['sync']);
  return (
    <Sheet
      label={`Log of run ${run.id}`}
      state={{
        error,
        total: value?.total ?? null,
        offset,
        page: PAGE,
        words: ['Earlier', 'Later'],
        onOffset: setOffset,
      }}
      columns={[
        { name: zone === 'utc' ? 'At, UTC' : 'At', width: 148 },
        { name: 'Level', width: 72 },
        { name: 'What happened' },
      ]}
      nothing="The log of this run is empty: the Logging Level lets nothing through, or it was removed with age."
    >
      {(value?.rows ?? []).map((row, index) => (
        <tr key={`${row.at}:${offset + index}`}>
          <td className="t2">{instant(row.at, zone)}</td>
          <td className={row.level === 'error' || row.level === 'warning' ? 'medium' : 't2'}>{row.level}</td>
          <td className="wrap">{row.text}</td>
        </tr>
      ))}
    </Sheet>
  );
}

/** What a run wrote: when, where, and with what answer. */
export function LedgerTable({ job, run, zone }: Props & { readonly job: SyncJobView }): ReactNode {
  const [offset, setOffset] = useState(0);
  const query = { jobId: job.id, runId: run.id, offset, limit: PAGE };
  const { value, error } = useCall('sync.ledger', query, ['sync']);
  return (
    <Sheet
      label={`Ledger of run ${run.id}`}
      state={{ error, total: value?.total ?? null, offset, page: PAGE, words: ['Newer', 'Older'], onOffset: setOffset }}
      columns={[
        { name: zone === 'utc' ? 'At, UTC' : 'At', width: 148 },
        { name: 'What' },
        { name: 'Package', width: 112 },
        { name: 'Host', width: 132 },
        { name: 'Indicators', width: 84, numeric: true },
        { name: 'Added', width: 64, numeric: true },
        { name: 'Removed', width: 72, numeric: true },
        { name: 'HTTP', width: 52, numeric: true },
        { name: 'Came to', width: 132 },
      ]}
      nothing="This run wrote nothing."
    >
      {(value?.rows ?? []).map((row) => (
        <tr key={row.id}>
          <td className="t2">{instant(row.at, zone)}</td>
          <td className="cut" title={row.action}>
            {row.action}
          </td>
          <td
            className="cut"
            title={
              row.intelId === null ? row.package : `${row.package}, document ${row.intelId} ${row.intelPage}`.trim()
            }
          >
            {shortPackage(row.package, job.name)}
          </td>
          <td className="cut t2" title={row.host}>
            {row.host}
          </td>
          <td className="num">{number(row.indicators)}</td>
          <td className="num">{number(row.added)}</td>
          <td className="num">{number(row.removed)}</td>
          <td className="num">{row.httpStatus ?? '–'}</td>
          <td className="cut" title={row.message}>
            {row.outcome === null ? 'on its way' : OUTCOME[row.outcome]}
            {row.message === '' ? '' : `, ${row.message}`}
          </td>
        </tr>
      ))}
    </Sheet>
  );
}

/** Every request of a run, reads too. */
export function RequestsTable({ job, run, zone }: Props & { readonly job: SyncJobView }): ReactNode {
  const [offset, setOffset] = useState(0);
  const query = { jobId: job.id, runId: run.id, offset, limit: PAGE };
  const { value, error } = useCall('sync.requests', query, ['sync']);
  return (
    <Sheet
      label={`Requests of run ${run.id}`}
      state={{ error, total: value?.total ?? null, offset, page: PAGE, words: ['Newer', 'Older'], onOffset: setOffset }}
      columns={[
        { name: zone === 'utc' ? 'Sent, UTC' : 'Sent', width: 148 },
        { name: 'Host', width: 132 },
        { name: 'Request' },
        { name: 'HTTP', width: 52, numeric: true },
        { name: 'Took', width: 64, numeric: true },
        { name: 'Fault', width: 112 },
      ]}
      nothing="This run sent no request."
    >
      {(value?.rows ?? []).map((row) => (
        <tr key={row.id}>
          <td className="t2">{instant(row.at, zone)}</td>
          <td className="cut" title={row.host}>
            {row.host}
          </td>
          <td className="mono cut" title={row.label}>
            {row.label}
          </td>
          <td className="num">{row.httpStatus ?? '–'}</td>
          <td className="num">{row.elapsedMs === null ? '–' : duration(row.elapsedMs)}</td>
          <td className="cut" title={row.message}>
            {row.message}
          </td>
        </tr>
      ))}
    </Sheet>
  );
}
