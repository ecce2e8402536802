import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ChangeRow } from '#shared/contract/history.ts';
import { presentRows } from '../../app/keys/keys.ts';
import { setPreferences, usePreferences } from '../../app/store.ts';
import { useRowHeight } from '../../app/theme.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useNow } from '../../components/use-now.ts';
import { counted, number, time } from '../../components/words.ts';
import { Grid } from '../../grid/grid.tsx';
import { countSelected, NOTHING_SELECTED } from '../../grid/selection.ts';
import { ChangePane } from './change-pane.tsx';
import { ChangesTools } from './changes-tools.tsx';
import { changeColumns, hashOf } from './columns.tsx';
import { DecideDialog, type Decision } from './decide-dialog.tsx';
import { copyHashes, pickRows, sayPickFault } from '../../grid/pick-rows.ts';
import { momentOf, useChanges } from './store.ts';

const GRID = 'changes';

/** What sources say otherwise since a moment, newest first. */
export function ChangesPart(): ReactNode {
  const preferences = usePreferences();
  const zone = preferences?.times ?? 'local';
  const rowHeight = useRowHeight();
  const now = useNow();
  const { since, flipsOnly, source, lookedAt } = useChanges();
  const moment = momentOf(since, lookedAt, now, zone);
  const query = useMemo(() => ({ since: moment, flipsOnly, source }), [moment, flipsOnly, source]);
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [current, setCurrent] = useState<ChangeRow | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [decision, setDecision] = useState<Decision | null>(null);
  const [version, setVersion] = useState(0);
  const head = useCall('changes.page', { query, offset: 0, limit: 1 }, ['history', 'items', 'intakes', 'settings']);
  const total = head.value?.total ?? 0;
  const stamp = JSON.stringify(head.value ?? null);
  const [seenStamp, setSeenStamp] = useState(stamp);
  if (stamp !== seenStamp) {
    setSeenStamp(stamp);
    setVersion(version + 1);
    // Newer changes push the others down: the same positions are other changes now.
    if (selection.positions.size > 0) {
      setSelection(NOTHING_SELECTED);
    }
  }
  const fetchRows = useCallback(
    async (offset: number, limit: number) => (await call('changes.page', { query, offset, limit })).rows,
    [query],
  );
  const onCurrent = useCallback((row: ChangeRow | null) => setCurrent(row), []);
  const columns = useMemo(() => changeColumns(zone, now), [zone, now]);
  const remembered = preferences?.columns[GRID] ?? { hidden: [], widths: {} };
  const close = (): void => {
    setOpen(false);
    presentRows()?.focus();
  };
  const onKey = (event: KeyboardEvent, at: ChangeRow | null): boolean => {
    const isPlain = !event.ctrlKey && !event.metaKey;
    const pick = (): Promise<readonly ChangeRow[]> => pickRows({ selection, total, current: at, fetchRows });
    if (isPlain && event.key === 'c') {
      void copyHashes(pick, hashOf);
    } else if (isPlain && (event.key === 'm' || event.key === 'g')) {
      const side = event.key === 'm' ? 'malicious' : 'non-malicious';
      pick().then((rows) => setDecision(rows.length === 0 ? null : { rows, side }), sayPickFault);
    } else if (event.key === 'Escape' && isOpen) {
      close();
    } else {
      return false;
    }
    return true;
  };
  const counts = head.value?.counts;
  return (
    <>
      <ChangesTools counts={counts ?? null} zone={zone} />
      {head.error === null ? null : (
        <div className="notice" role="alert">
          {head.error}
        </div>
      )}
      <div className="split">
        <div className="gridwrap">
          {head.value === null ? null : (
            <Grid
              label="What changed"
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
              selection={selection}
              onSelection={setSelection}
              onCurrent={onCurrent}
              onOpen={() => setOpen(true)}
              onKey={onKey}
              takesFocus
              empty={<NothingChanged since={moment} zone={zone} isFiltered={flipsOnly || source !== null} />}
            />
          )}
          <div className="gridfoot">
            <span>
              {counted(total, flipsOnly ? 'flip' : 'change')}
              {moment === 0 ? '' : ` since ${time(moment, zone)}`}
            </span>
            {countSelected(selection, total) > 0 ? (
              <span>{number(countSelected(selection, total))} selected</span>
            ) : null}
            <span className="end">Enter: the lists a change touches</span>
          </div>
        </div>
        {isOpen && current !== null ? (
          <ChangePane change={current} zone={zone} takesFocus={false} onClose={close} />
        ) : null}
      </div>
      {decision === null ? null : (
        <DecideDialog
          decision={decision}
          onClose={() => setDecision(null)}
          onDecided={() => setSelection(NOTHING_SELECTED)}
        />
      )}
    </>
  );
}

function NothingChanged(props: {
  readonly since: number;
  readonly zone: 'local' | 'utc';
  readonly isFiltered: boolean;
}): ReactNode {
  const since = props.since === 0 ? '' : ` since ${time(props.since, props.zone)}`;
  return (
    <div className="middle">
      <h2>
        {props.isFiltered ? 'No such change' : 'Nothing changed'}
        {since}
      </h2>
      <p className="t2">
        {props.isFiltered
          ? 'Show all changes, another source, or an earlier moment above.'
          : 'When a source says something else about a file than before, it is listed here with the lists that hold the file. Sources are asked again by themselves once they are switched on.'}
      </p>
    </div>
  );
}
