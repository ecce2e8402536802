import { useContext, useRef, type ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import { PANELS, type Panel, type PanelId } from '#shared/domain/usage/panels.ts';
import { useApp, usePreferences } from '../../../app/store.ts';
import { ChartLegend, ChartTable, hasDirectLabels, TimeChart } from '../../../charts/index.ts';
import { MenuItem } from '../../../components/menu.tsx';
import { BoardContext } from '../board/board-context.ts';
import { exportPanels, savePicture } from '../board/export.ts';
import { chooseRange, turnPanel, useBoard, useBoardState } from '../board/store.ts';
import { useNear } from '../board/use-near.ts';
import { headlineOf } from './headline.ts';
import { PanelFrame, type PanelWidth } from './panel-frame.tsx';
import { SplitChoice } from './split-choice.tsx';
import { usePanel } from './use-panel.ts';

interface Props {
  readonly id: PanelId;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Panels that take more than one column, so that the rows of a board of three and of four columns are full at first. */
const WIDTHS: Partial<Record<PanelId, PanelWidth>> = {
  'inbound-items': 'two',
  'outbound-failed': 'two-of-four',
  'database-size': 'two-of-four',
  'hash-list': 'two-of-four',
  'hash-list-in-environment': 'two-of-four',
  latency: 'two-of-four',
  'sync-runs': 'two-of-four',
};

/** A panel with a course over time, as chart or as table. It is read when it comes near the part of the board in sight. */
export function ChartPanel({ id, isFirst, isLast }: Props): ReactNode {
  const panel = chartOf(id);
  const place = useRef<HTMLDivElement>(null);
  const { value, error, loading, again } = usePanel(panel, useNear(place));
  const cap = useApp((state) => state.boot?.stats.size.cap ?? 0);
  const isTable = useIsTable(id);
  return (
    <PanelFrame
      panel={panel}
      isFirst={isFirst}
      isLast={isLast}
      headline={value === null ? undefined : headlineOf(panel, value, cap)}
      error={error}
      onAgain={again}
      isBusy={loading}
      width={WIDTHS[id] ?? 'one'}
      items={<OwnItems id={id} panel={panel} data={value} isTable={isTable} />}
    >
      <div ref={place} className={isTable ? 'panelbody tabled' : 'panelbody'}>
        {value === null ? null : <Body panel={panel} data={value} isTable={isTable} />}
      </div>
    </PanelFrame>
  );
}

/** More parts than this have no room for their totals; the cursor and the table tell them. */
const WITH_TOTALS = 3;

interface BodyProps {
  readonly panel: Panel & { readonly id: PanelId };
  readonly data: PanelData;
  readonly isTable: boolean;
}

function Body({ panel, data, isTable }: BodyProps): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const hasLegend = !isTable && data.split !== 'none' && data.split !== 'source' && !hasDirectLabels(panel, data);
  return (
    <>
      {hasLegend || panel.splits.length > 1 ? (
        <div className="panelparts">
          {hasLegend ? <ChartLegend panel={panel} data={data} totals={data.series.length <= WITH_TOTALS} /> : null}
          <SplitChoice panel={panel} />
        </div>
      ) : null}
      {isTable ? (
        <ChartTable panel={panel} data={data} zone={zone} />
      ) : (
        <div className="panelplot">
          <TimeChart
            panel={panel}
            data={data}
            zone={zone}
            onBrush={(from, to) => chooseRange({ range: 'custom', from, to })}
          />
        </div>
      )}
    </>
  );
}

function OwnItems(props: {
  readonly id: PanelId;
  readonly panel: Panel & { readonly id: PanelId };
  readonly data: PanelData | null;
  readonly isTable: boolean;
}): ReactNode {
  const { id, panel, data, isTable } = props;
  const { stretch } = useContext(BoardContext);
  return (
    <>
      <MenuItem onSelect={() => turnPanel(id)}>{isTable ? 'Chart' : 'Table'}</MenuItem>
      {data === null ? null : (
        <>
          <MenuItem onSelect={() => void exportPanels('csv', stretch, [id])}>CSV…</MenuItem>
          <MenuItem onSelect={() => void savePicture(panel, data)}>Picture (PNG)…</MenuItem>
        </>
      )}
    </>
  );
}

/** Always the same object for an id: charts are drawn anew for another one. */
function chartOf(id: PanelId): Panel & { readonly id: PanelId } {
  const found = PANELS.find((panel) => panel.id === id);
  if (found === undefined) {
    throw new RangeError(`${id} is no panel`);
  }
  return found;
}

function useIsTable(id: PanelId): boolean {
  const { tables } = useBoard();
  const isTurned = useBoardState(({ turned }) => turned.includes(id));
  return isTurned !== tables;
}
