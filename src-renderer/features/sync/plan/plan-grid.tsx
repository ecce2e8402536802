import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { SyncPlanRow, SyncRunView } from '#shared/contract/sync.ts';
import type { SyncAction } from '#shared/domain/indicator.ts';
import { lookUp } from '../../../app/look-up.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { FilterField } from '../../../components/filter-field.tsx';
import { SyncGrid } from '../sync-grid.tsx';
import { CountsStrip } from './counts-strip.tsx';
import { ExportMenu } from './export-menu.tsx';
import { planColumns } from './plan-columns.tsx';

interface Props {
  readonly jobName: string;
  readonly run: SyncRunView;
  readonly label: string;
}

const DIGEST = /^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/i;

/** What a run does, or would do, by indicator. Looking at it is what the first activation needs of a dry run. */
export function PlanGrid({ jobName, run, label }: Props): ReactNode {
  const [actions, setActions] = useState<readonly SyncAction[]>([]);
  const [text, setText] = useState('');
  const query = useMemo(
    () => ({
      runId: run.id,
      ...(actions.length === 0 ? {} : { actions: [...actions] }),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
    }),
    [run.id, actions, text],
  );
  const columns = useMemo(() => planColumns(jobName), [jobName]);
  const head = useCall('sync.plan', { ...query, offset: 0, limit: 1 }, ['verdicts', 'hash-list']);
  const fetchRows = useCallback(
    async (offset: number, limit: number) => (await call('sync.plan', { ...query, offset, limit })).rows,
    [query],
  );
  return (
    <>
      <CountsStrip run={run} chosen={actions} onChosen={setActions} />
      <div className="tools">
        <FilterField label="Filter by indicator, owner, tag, package or why" value={text} onValue={setText} />
        {actions.length === 0 ? null : (
          <button type="button" className="linkbutton small" onClick={() => setActions([])}>
            Show all
          </button>
        )}
        {head.value === null || head.value.total === 0 ? null : (
          <div className="end">
            <ExportMenu query={query} total={head.value.total} />
          </div>
        )}
      </div>
      {head.error === null ? null : (
        <div className="notice" role="alert">
          {head.error}
        </div>
      )}
      {head.value === null ? null : (
        <SyncGrid<SyncPlanRow>
          label={label}
          name="sync-plan"
          columns={columns}
          total={head.value.total}
          queryKey={JSON.stringify(query)}
          stamp={JSON.stringify(head.value)}
          fetchRows={fetchRows}
          textOf={({ summary }) => summary}
          one="indicator"
          onOpen={(row) => openRow(row)}
          renderFoot={() => <span className="end">Enter: look a file up. c: copy</span>}
          empty={<NoRow run={run} isFiltered={actions.length > 0 || text.trim() !== ''} />}
        />
      )}
    </>
  );
}

/** A file is looked up here by its strongest digest; addresses and hosts have no page of their own. */
function openRow({ type, summary }: SyncPlanRow): void {
  const digest = summary
    .split(/[\s:]+/)
    .filter((part) => DIGEST.test(part))
    .toSorted((one, other) => other.length - one.length)[0];
  if (type === 'File' && digest !== undefined) {
    lookUp(digest);
  }
}

function NoRow({ run, isFiltered }: { readonly run: SyncRunView; readonly isFiltered: boolean }): ReactNode {
  const isRead = run.kind === 'dry-run' || run.kind === 'reconcile';
  return (
    <div className="middle">
      <h2>{isFiltered ? 'No such indicator' : isRead ? 'Nothing matches the criteria' : 'Nothing to do'}</h2>
      <p className="t2">
        {isFiltered
          ? 'Show all, or filter by something else.'
          : isRead
            ? 'ThreatConnect holds no indicator that fits the settings of this job, and nothing is sent.'
            : 'No indicator was touched by this run, or what it did with each was removed with age.'}
      </p>
    </div>
  );
}
