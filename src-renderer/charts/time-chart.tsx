import { useId, useMemo, useRef, type CSSProperties, type ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import { chartModel, hasDirectLabels, type ChartModel, type ChartPart } from './chart-model.ts';
import { valueWords, type Zone } from './chart-words.ts';
import { Announcer, CursorLayer } from './cursor-layer.tsx';
import { useCursors } from './cursors.tsx';
import type { PlotArea } from './drawing/plot.ts';
import { PartMark } from './legend.tsx';
import { usePlot } from './use-plot.ts';
import { useReading } from './use-reading.ts';

interface Props {
  readonly panel: Panel;
  readonly data: PanelData;
  readonly zone: Zone;
  /** Called with a stretch of whole intervals that was chosen: seconds since the epoch, from (inclusive) to (exclusive). */
  readonly onBrush?: (from: number, to: number) => void;
}

const KEYS = 'ArrowLeft ArrowRight Home End PageUp PageDown Shift+ArrowLeft Shift+ArrowRight Enter Escape';

/**
 * A panel over time: bars, areas or lines with their axes, filling the element it stands in. One stop for the Tab key:
 * arrows, Home, End and Page keys move the cursor, with Shift they choose, Enter takes what was chosen, Escape leaves.
 */
export function TimeChart({ panel, data, zone, onBrush }: Props): ReactNode {
  const chart = useId();
  const host = useRef<HTMLDivElement>(null);
  const cursors = useCursors();
  const model = useMemo(() => chartModel(panel, data), [panel, data]);
  const isNamed = hasDirectLabels(panel, data);
  const gutter = isNamed ? roomForNames(panel, model) : 0;
  const area = usePlot(host, { panel, data, model, zone, gutter });
  const { selection, pointer, keys } = useReading({ chart, data, cursors, onBrush });
  const layer = { chart, panel, data, model, zone, cursors, selection };
  return (
    <div
      className="timechart"
      role="group"
      aria-roledescription="chart"
      aria-label={panel.title}
      aria-describedby={`${chart}-text`}
      aria-keyshortcuts={KEYS}
      tabIndex={0}
      {...keys}
    >
      <div ref={host} className="timechartplot" aria-hidden="true" />
      {area === null ? null : (
        <div className="timechartarea" style={placeOf(area)} aria-hidden="true" {...pointer}>
          <CursorLayer {...layer} />
          {model.empty === null ? null : <p className="chartempty">{model.empty}</p>}
        </div>
      )}
      {area === null || !isNamed ? null : <EndNames panel={panel} model={model} area={area} gutter={gutter} />}
      <p id={`${chart}-text`} className="visually-hidden">
        {data.text}
      </p>
      <Announcer {...layer} />
    </div>
  );
}

function placeOf({ left, top, width, height }: PlotArea): CSSProperties {
  return { left, top, width, height };
}

interface EndNamesProps {
  readonly panel: Panel;
  readonly model: ChartModel;
  readonly area: PlotArea;
  /** Room the names take beside the plot. */
  readonly gutter: number;
}

const NAME_HEIGHT = 16;

/** Names of lines at their ends, moved apart where lines end close together; without room beside them, over them. */
function EndNames({ panel, model, area, gutter }: EndNamesProps): ReactNode {
  const isBeside = area.right >= gutter;
  const ends = endsOf(panel, model)
    .map((end) => ({ ...end, y: area.yOf(end.last) }))
    .sort((one, other) => one.y - other.y);
  const tops = apart(
    ends.map(({ y }) => y),
    area.height,
  );
  const placed = (top: number): CSSProperties =>
    isBeside
      ? { left: area.left + area.width + 8, top: area.top + top - NAME_HEIGHT / 2 }
      : { right: area.right, top: Math.max(0, area.top + top - NAME_HEIGHT - 2) };
  return (
    <ul className={isBeside ? 'endnames' : 'endnames inside'} aria-hidden="true">
      {ends.map(({ part, name }, index) => (
        <li key={part.key} style={placed(tops[index] ?? 0)}>
          <PartMark part={part} />
          {name}
        </li>
      ))}
    </ul>
  );
}

/** Lines with their last known values. */
function endsOf(
  panel: Panel,
  { parts }: ChartModel,
): readonly { readonly part: ChartPart; readonly last: number; readonly name: string }[] {
  return parts.flatMap((part) => {
    const last = part.values.findLast((value) => value !== null) ?? null;
    return last === null ? [] : [{ part, last, name: `${valueWords(panel.unit, last)} ${part.label}` }];
  });
}

/** CSS pixels; steady while figures change in their last places. */
function roomForNames(panel: Panel, model: ChartModel): number {
  const longest = Math.max(0, ...endsOf(panel, model).map(({ name }) => name.length));
  return Math.min(200, 32 + Math.ceil(longest * 5.8));
}

/** Heights from the top, in order, at least a name apart, inside the plot. */
function apart(heights: readonly number[], room: number): readonly number[] {
  const placed: number[] = [];
  for (const height of heights) {
    placed.push(Math.max(height, (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + NAME_HEIGHT));
  }
  const over = Math.max(0, (placed.at(-1) ?? 0) - room);
  return placed.map((height) => height - over);
}
