import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SyncIndicatorView, SyncJobView } from '#shared/contract/sync.ts';
import { presentRows } from '../../../app/keys/keys.ts';
import { usePreferences } from '../../../app/store.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { FilterField } from '../../../components/filter-field.tsx';
import type { Column } from '../../../grid/column.ts';
import { SyncGrid, type GridPick } from '../sync-grid.tsx';
import { IndicatorPane } from './indicator-pane.tsx';

interface Props {
  readonly job: SyncJobView;
  readonly which: 'sent' | 'held';
  readonly label: string;
  readonly columns: readonly Column<SyncIndicatorView>[];
  readonly renderFoot: (pick: GridPick<SyncIndicatorView>) => ReactNode;
  readonly onKey?: (event: KeyboardEvent, pick: GridPick<SyncIndicatorView>) => boolean;
  readonly onCurrent?: (row: SyncIndicatorView | null) => void;
  /** Counts what was done to rows here: they are asked for again. */
  readonly turn?: number;
  readonly empty: ReactNode;
}

/** Indicators of a job by page, with a filter. */
export function IndicatorGrid({ job, which, empty, turn = 0, onCurrent: tell, onKey, ...grid }: Props): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const [text, setText] = useState('');
  const [current, setCurrent] = useState<SyncIndicatorView | null>(null);
  const [isOpen, setOpen] = useState(false);
  const onCurrent = useCallback(
    (row: SyncIndicatorView | null) => {
      setCurrent(row);
      tell?.(row);
    },
    [tell],
  );
  const close = (): void => {
    setOpen(false);
    presentRows()?.focus();
  };
  const query = useMemo(
    () => ({ jobId: job.id, which, ...(text.trim() === '' ? {} : { text: text.trim() }) }),
    [job.id, which, text],
  );
  const head = useCall('sync.indicators', { ...query, offset: 0, limit: 1 }, ['sync']);
  const fetchRows = useCallback(
    async (offset: number, limit: number) => (await call('sync.indicators', { ...query, offset, limit })).rows,
    [query],
  );
  return (
    <>
      <div className="tools">
        <FilterField label="Filter by indicator, owner, tag or package" value={text} onValue={setText} />
      </div>
      {head.error === null ? null : (
        <div className="notice" role="alert">
          {head.error}
        </div>
      )}
      <div className="split">
        {head.value === null ? null : (
          <SyncGrid<SyncIndicatorView>
            {...grid}
            onCurrent={onCurrent}
            onOpen={() => setOpen(true)}
            onKey={(event, pick) => {
              if (event.key === 'Escape' && isOpen) {
                close();
                return true;
              }
              return onKey?.(event, pick) === true;
            }}
            name={`sync-${which}`}
            total={head.value.total}
            queryKey={JSON.stringify(query)}
            // Which rows there are changes with a run, with a release, and with what the job counts.
            stamp={JSON.stringify([head.value, job.sent, job.held, job.lastRun?.id ?? null, turn])}
            fetchRows={fetchRows}
            textOf={({ summary }) => summary}
            one="indicator"
            empty={
              text.trim() === '' ? (
                empty
              ) : (
                <div className="middle">
                  <h2>No such indicator</h2>
                  <p className="t2">The filter looks at indicators, owners, tags and packages.</p>
                </div>
              )
            }
          />
        )}
        {isOpen && current !== null ? <IndicatorPane indicator={current} zone={zone} onClose={close} /> : null}
      </div>
    </>
  );
}
