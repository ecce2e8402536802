import { useCallback, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Disagreement } from '#shared/contract/review.ts';
import type { ListSide } from '#shared/domain/evidence.ts';
import { lookUp } from '../../app/look-up.ts';
import { setPreferences, usePreferences } from '../../app/store.ts';
import { useRowHeight } from '../../app/theme.ts';
import { call } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useNow } from '../../components/use-now.ts';
import { counted, number } from '../../components/words.ts';
import { Grid } from '../../grid/grid.tsx';
import { countSelected, NOTHING_SELECTED } from '../../grid/selection.ts';
import { hashOf, reviewColumns } from './columns.tsx';
import { DecideDialog, type Decision } from './decide-dialog.tsx';
import { copyHashes, pickRows, sayPickFault } from '../../grid/pick-rows.ts';

const GRID = 'disagreements';

/** Files about which sources disagree, to be decided once. */
export function ReviewPart(): ReactNode {
  const preferences = usePreferences();
  const zone = preferences?.times ?? 'local';
  const rowHeight = useRowHeight();
  const now = useNow();
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [current, setCurrent] = useState<Disagreement | null>(null);
  const [decision, setDecision] = useState<Decision | null>(null);
  const [version, setVersion] = useState(0);
  const head = useCall('review.page', { offset: 0, limit: 1 }, ['reviews', 'hash-list', 'intakes', 'settings']);
  const total = head.value?.total ?? 0;
  const stamp = JSON.stringify(head.value ?? null);
  const [seenStamp, setSeenStamp] = useState(stamp);
  if (stamp !== seenStamp) {
    setSeenStamp(stamp);
    setVersion(version + 1);
    if (selection.positions.size > 0) {
      setSelection(NOTHING_SELECTED);
    }
  }
  const fetchRows = useCallback(
    async (offset: number, limit: number) => (await call('review.page', { offset, limit })).rows,
    [],
  );
  const onCurrent = useCallback((row: Disagreement | null) => setCurrent(row), []);
  const columns = useMemo(() => reviewColumns(zone, now), [zone, now]);
  const remembered = preferences?.columns[GRID] ?? { hidden: [], widths: {} };

  const pick = (at: Disagreement | null): Promise<readonly Disagreement[]> =>
    pickRows({ selection, total, current: at, fetchRows });
  const decide = (side: ListSide, at: Disagreement | null): void => {
    pick(at).then((rows) => setDecision(rows.length === 0 ? null : { rows, side }), sayPickFault);
  };
  const onKey = (event: KeyboardEvent, at: Disagreement | null): boolean => {
    const side = event.key === 'm' ? 'malicious' : event.key === 'g' ? 'non-malicious' : null;
    if (event.ctrlKey || event.metaKey) {
      return false;
    }
    if (side !== null) {
      decide(side, at);
    } else if (event.key === 'c') {
      void copyHashes(() => pick(at), hashOf);
    } else {
      return false;
    }
    return true;
  };
  const selected = countSelected(selection, total);
  return (
    <>
      <div className="tools">
        <span className="small t2">
          One source says suspicious or worse, another one non-malicious. What you decide goes on the hash list.
        </span>
        <div className="end">
          <button type="button" className="button" disabled={total === 0} onClick={() => decide('malicious', current)}>
            Decide: malicious <kbd>m</kbd>
          </button>
          <button
            type="button"
            className="button"
            disabled={total === 0}
            onClick={() => decide('non-malicious', current)}
          >
            Decide: known good <kbd>g</kbd>
          </button>
        </div>
      </div>
      {head.error === null ? null : (
        <div className="notice" role="alert">
          {head.error}
        </div>
      )}
      <div className="gridwrap">
        {head.value === null ? null : (
          <Grid
            label="Disagreements"
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
            queryKey={GRID}
            version={version}
            fetchRows={fetchRows}
            selection={selection}
            onSelection={setSelection}
            onCurrent={onCurrent}
            onOpen={(row) => lookUp(hashOf(row))}
            onKey={onKey}
            takesFocus
            empty={<NothingDisputed />}
          />
        )}
        <div className="gridfoot">
          <span>
            {head.value?.atLeast === true ? 'The newest ' : ''}
            {counted(total, 'file')}
          </span>
          {selected > 0 ? <span>{number(selected)} selected</span> : null}
          <span className="end">Enter: look the hash up</span>
        </div>
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

function NothingDisputed(): ReactNode {
  return (
    <div className="middle">
      <h2>No disagreement waits for a decision</h2>
      <p className="t2">
        When one source says suspicious or worse about a file and another one non-malicious, the file is listed here.
        Decide it once, with a reason: the hash list decides over all sources, and what it would change is shown first.
      </p>
    </div>
  );
}
