import { useState, type ReactNode } from 'react';
import type { SyncJobView, SyncRunView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { instant, number } from '../../../components/words.ts';
import { useSync } from '../store.ts';
import { KIND_WORDS, STATE_WORDS, tookWords } from '../words.ts';
import { Pager } from './pager.tsx';
import { RunDetail } from './run-detail.tsx';

const PAGE = 50;

interface Props {
  readonly job: SyncJobView;
  /** Milliseconds. */
  readonly now: number;
  readonly zone: Preferences['times'];
}

/** Every run of a job, newest first, and below what the chosen one did. */
export function RunsPart({ job, now, zone }: Props): ReactNode {
  const [offset, setOffset] = useState(0);
  const runId = useSync((state) => state.runId);
  const { value, error } = useCall('sync.runs', { jobId: job.id, offset, limit: PAGE }, ['sync']);
  const rows = value?.rows ?? [];
  const chosen = runId ?? rows[0]?.id ?? null;
  if (error !== null) {
    return (
      <div className="middle" role="alert">
        <h2>The runs could not be read</h2>
        <p className="t2">{error}</p>
      </div>
    );
  }
  if (value !== null && value.total === 0) {
    return (
      <div className="middle">
        <h2>No run yet</h2>
        <p className="t2">
          Dry runs, runs and recalls are listed here, each with its log, its ledger and its requests.
        </p>
      </div>
    );
  }
  return (
    <div className="syncruns">
      <div
        className="syncrunlist"
        tabIndex={0}
        role="region"
        aria-label={`Runs of ${job.name}`}
        aria-busy={value === null}
      >
        <RunTable rows={rows} chosen={chosen} now={now} zone={zone} />
        {value !== null && value.total > PAGE ? (
          <p className="belowfoot small t3">
            <Pager offset={offset} page={PAGE} total={value.total} words={['Newer', 'Older']} onOffset={setOffset} />
          </p>
        ) : null}
      </div>
      {chosen === null ? null : <RunDetail key={chosen} job={job} runId={chosen} now={now} zone={zone} />}
    </div>
  );
}

function RunTable(props: {
  readonly rows: readonly SyncRunView[];
  readonly chosen: number | null;
  readonly now: number;
  readonly zone: Preferences['times'];
}): ReactNode {
  const { rows, chosen, now, zone } = props;
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th scope="col">Asked for{zone === 'utc' ? ', UTC' : ''}</th>
          <th scope="col">Kind</th>
          <th scope="col">Came to</th>
          <th scope="col">By</th>
          {['New', 'Changed', 'Withdrawn', 'Held', 'Packages', 'Requests', 'Took'].map((name) => (
            <th key={name} scope="col" className="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((run) => (
          <tr
            key={run.id}
            className={run.id === chosen ? 'cur' : undefined}
            onClick={() => useSync.setState({ runId: run.id })}
          >
            <td>
              <button
                type="button"
                className="namebutton"
                data-row-link={run.id}
                aria-current={run.id === chosen}
                aria-label={`Run ${run.id}, ${instant(run.requestedAt, zone)}`}
                onClick={() => useSync.setState({ runId: run.id })}
              >
                {instant(run.requestedAt, zone)}
              </button>
            </td>
            <td>{KIND_WORDS[run.kind]}</td>
            <td className={run.state === 'failed' || run.state === 'needs-approval' ? 'medium' : 't2'}>
              {STATE_WORDS[run.state]}
            </td>
            <td className="t2">{run.asked}</td>
            <td className="num">{number(run.counts.new)}</td>
            <td className="num">{number(run.counts.changed)}</td>
            <td className="num">{number(run.counts.withdrawn)}</td>
            <td className="num">{number(run.counts.held)}</td>
            <td className="num">{number(run.counts.packages)}</td>
            <td className="num">{number(run.counts.requests)}</td>
            <td className="num">{tookWords(run, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
