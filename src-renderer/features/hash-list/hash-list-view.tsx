import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ListEntry, ListQuery } from '#shared/contract/hash-list.ts';
import { presentRows } from '../../app/keys/keys.ts';
import { say, sayFault, setPreferences, usePreferences } from '../../app/store.ts';
import { useRowHeight } from '../../app/theme.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { FilterField } from '../../components/filter-field.tsx';
import { StatusMark } from '../../components/status.tsx';
import { useNow } from '../../components/use-now.ts';
import { counted, number } from '../../components/words.ts';
import { Grid } from '../../grid/grid.tsx';
import { countSelected, isSelected, NOTHING_SELECTED } from '../../grid/selection.ts';
import { AddDialog } from './add-dialog.tsx';
import { AuditDialog } from './audit-dialog.tsx';
import { listColumns } from './columns.tsx';
import { EntryPane } from './entry-pane.tsx';
import { ImportPane } from './import-pane.tsx';
import { EMPTY_LIST_QUERY, leadingHash, tell } from './list-actions.ts';

const GRID = 'hash-list';
const PAGE = 500;
const MOST_REMOVED = 10_000;

/** The team's own list. */
export function HashListView(): ReactNode {
  const preferences = usePreferences();
  const zone = preferences?.times ?? 'local';
  const rowHeight = useRowHeight();
  const now = useNow();
  const [query, setQuery] = useState<ListQuery>(EMPTY_LIST_QUERY);
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [current, setCurrent] = useState<ListEntry | null>(null);
  const [pane, setPane] = useState<'none' | 'entry' | 'import'>('none');
  /** The entry that was opened to be changed; the pane follows the rows without taking the keyboard from them. */
  const [opened, setOpened] = useState(0);
  const [dialog, setDialog] = useState<'none' | 'add' | 'audit'>('none');
  const [version, setVersion] = useState(0);
  const head = useCall('hashList.page', { query, offset: 0, limit: 1 }, ['hash-list', 'intakes']);
  const total = head.value?.total ?? 0;
  const counts = head.value?.counts;
  const stamp = JSON.stringify(head.value ?? null);
  const [seenStamp, setSeenStamp] = useState(stamp);
  if (stamp !== seenStamp) {
    setSeenStamp(stamp);
    setVersion(version + 1);
    // Entries moved: the same positions are other entries now.
    if (selection.positions.size > 0) {
      setSelection(NOTHING_SELECTED);
    }
  }

  const onQuery = useCallback((next: ListQuery) => {
    setQuery(next);
    setSelection(NOTHING_SELECTED);
  }, []);
  const fetchRows = useCallback(
    async (offset: number, limit: number) => (await call('hashList.page', { query, offset, limit })).rows,
    [query],
  );
  const onCurrent = useCallback((row: ListEntry | null) => setCurrent(row), []);
  const remembered = preferences?.columns[GRID] ?? { hidden: [], widths: {} };
  const columns = useMemo(() => listColumns(zone, now), [zone, now]);

  const chosen = async (at: ListEntry | null): Promise<readonly ListEntry[]> => {
    if (countSelected(selection, total) === 0) {
      return at === null ? [] : [at];
    }
    if (total > MOST_REMOVED) {
      throw new RangeError(
        `Rows can be picked among at most ${number(MOST_REMOVED)} entries. Filter first; nothing was done.`,
      );
    }
    const rows: ListEntry[] = [];
    for (let offset = 0; offset < total; offset += PAGE) {
      const page = await fetchRows(offset, PAGE);
      rows.push(...page.filter((_, index) => isSelected(selection, offset + index)));
    }
    return rows;
  };
  const remove = async (at: ListEntry | null): Promise<void> => {
    try {
      const ids = (await chosen(at)).map((row) => row.id);
      if (ids.length > 0) {
        tell(await call('hashList.remove', { ids }), 'removed');
        setSelection(NOTHING_SELECTED);
      }
    } catch (error) {
      if (error instanceof RangeError) {
        say(error.message, { isError: true });
      } else {
        sayFault(error);
      }
    }
  };
  const copy = async (at: ListEntry | null): Promise<void> => {
    try {
      const rows = await chosen(at);
      await navigator.clipboard.writeText(rows.map(leadingHash).join('\n'));
      say(`${counted(rows.length, 'hash', 'hashes')} copied.`);
    } catch (error) {
      if (error instanceof RangeError) {
        say(error.message, { isError: true });
      } else {
        sayFault(error);
      }
    }
  };
  const exportList = (): void => {
    call('hashList.export', {}).then(({ path, rows }) => {
      if (path !== null) {
        say(`${counted(rows, 'entry', 'entries')} written to ${path}`);
      }
    }, sayFault);
  };
  const openEntry = (): void => {
    setPane('entry');
    setOpened(current?.id ?? 0);
  };
  const closePane = (): void => {
    setPane('none');
    setOpened(0);
    presentRows()?.focus();
  };
  const onKey = (event: KeyboardEvent, at: ListEntry | null): boolean => {
    if (event.key === 'Delete') {
      void remove(at);
    } else if (event.key === 'c') {
      void copy(at);
    } else if (event.key === 'e' && !event.ctrlKey && !event.metaKey) {
      exportList();
    } else if (event.key === 'Escape' && pane !== 'none') {
      closePane();
    } else {
      return false;
    }
    return true;
  };

  const selected = countSelected(selection, total);
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Hash list</h1>
        <span className="small t2">
          {counts === undefined
            ? ''
            : `${counted(counts.all, 'entry', 'entries')}, ${counted(counts.digests, 'digest')}, never sent out`}
        </span>
        <div className="facts">
          <button type="button" className="button plain" onClick={() => setDialog('audit')}>
            Changes
          </button>
          <button type="button" className="button" disabled={(counts?.all ?? 0) === 0} onClick={exportList}>
            Export <kbd>e</kbd>
          </button>
          <button type="button" className="button" onClick={() => setPane('import')}>
            Import…
          </button>
          <button type="button" className="button primary" onClick={() => setDialog('add')}>
            Add hashes…
          </button>
        </div>
      </div>
      <div className="tools">
        <div className="segments" role="group" aria-label="Which entries">
          <Segment query={query} onQuery={onQuery} change={{ side: null, expiring: false }}>
            All {number(counts?.all ?? 0)}
          </Segment>
          {(['malicious', 'non-malicious'] as const).map((side) => (
            <Segment key={side} query={query} onQuery={onQuery} change={{ side, expiring: false }}>
              <StatusMark status={side} />
              {number(counts?.[side] ?? 0)} {side}
            </Segment>
          ))}
          <Segment query={query} onQuery={onQuery} change={{ side: null, expiring: true }}>
            Expiring {number(counts?.expiring ?? 0)}
          </Segment>
        </div>
        <FilterField
          label="Filter by hash, note, reason or person"
          value={query.text}
          onValue={(text) => onQuery({ ...query, text })}
        />
        <div className="end">
          <button type="button" className="button" disabled={total === 0} onClick={openEntry}>
            Edit…
          </button>
          <button type="button" className="button danger" disabled={total === 0} onClick={() => void remove(current)}>
            Remove
          </button>
        </div>
      </div>
      {head.error === null ? null : (
        <div className="notice" role="alert">
          {head.error}
        </div>
      )}
      <div className="split">
        <div className="gridwrap">
          {head.value === null ? null : (
            <Grid
              label="Hash list"
              columns={columns}
              widths={remembered.widths}
              onWidth={(id, width) =>
                setPreferences({
                  columns: {
                    ...preferences?.columns,
                    [GRID]: { ...remembered, widths: { ...remembered.widths, [id]: width } },
                  },
                })
              }
              rowHeight={rowHeight}
              total={total}
              queryKey={JSON.stringify(query)}
              version={version}
              fetchRows={fetchRows}
              sort={{ by: query.sort, descending: query.descending }}
              onSort={(by) =>
                onQuery({
                  ...query,
                  sort: by as ListQuery['sort'],
                  descending: query.sort === by ? !query.descending : false,
                })
              }
              selection={selection}
              onSelection={setSelection}
              onCurrent={onCurrent}
              onOpen={openEntry}
              onKey={onKey}
              rowClass={(row) => (row.expired ? 'faded' : '')}
              takesFocus
              empty={<EmptyList filtered={(counts?.all ?? 0) > 0} />}
            />
          )}
          <div className="gridfoot">
            <span>{counted(total, 'entry', 'entries')}</span>
            {selected > 0 ? <span>{number(selected)} selected</span> : null}
            <span className="end">Seen in: kept intakes that hold a digest of the entry</span>
          </div>
        </div>
        {pane === 'import' ? <ImportPane onClose={closePane} /> : null}
        {pane === 'entry' && current !== null ? (
          <EntryPane
            key={current.id}
            entry={current}
            zone={zone}
            takesFocus={opened === current.id}
            onClose={closePane}
          />
        ) : null}
      </div>
      {dialog === 'add' ? <AddDialog onClose={() => setDialog('none')} /> : null}
      {dialog === 'audit' ? <AuditDialog zone={zone} onClose={() => setDialog('none')} /> : null}
    </section>
  );
}

function Segment(props: {
  readonly query: ListQuery;
  readonly onQuery: (query: ListQuery) => void;
  readonly change: Pick<ListQuery, 'side' | 'expiring'>;
  readonly children: ReactNode;
}): ReactNode {
  const { query, change } = props;
  return (
    <button
      type="button"
      aria-pressed={query.side === change.side && query.expiring === change.expiring}
      onClick={() => props.onQuery({ ...query, ...change })}
    >
      {props.children}
    </button>
  );
}

function EmptyList({ filtered }: { readonly filtered: boolean }): ReactNode {
  return filtered ? (
    <div className="middle">
      <h2>No entry matches</h2>
      <p className="t2">The filter looks at digests, notes, reasons and who added the entry.</p>
    </div>
  ) : (
    <div className="middle">
      <h2>The hash list is empty</h2>
      <p className="t2">
        Entries decide over every other answer: known malicious, or known non-malicious for false detections. Add hashes
        here, import a CSV, or press m or g on rows of an intake.
      </p>
    </div>
  );
}
