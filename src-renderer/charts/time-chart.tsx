import { useId, useMemo, useRef, type CSSProperties, type ReactNode } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/panels.ts';
import { chartModel, hasDirectLabels, type ChartModel } from './chart-model.ts';
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

/** Room for names at the ends of lines. */
const GUTTER = 132;

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
  const area = usePlot(host, { panel, data, model, zone, gutter: isNamed ? GUTTER : 0 });
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
      {area === null || !isNamed ? null : <EndNames panel={panel} model={model} area={area} />}
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
}

const NAME_HEIGHT = 16;

/** Names of lines at their ends, moved apart where lines end close together; without room beside them, over them. */
function EndNames({ panel, model, area }: EndNamesProps): ReactNode {
  const isBeside = area.right >= GUTTER;
  const ends = model.parts
    .map((part) => ({ part, last: part.values.findLast((value) => value !== null) ?? null }))
    .flatMap(({ part, last }) => (last === null ? [] : [{ part, last, y: area.yOf(last) }]))
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
      {ends.map(({ part, last }, index) => (
        <li key={part.key} style={placed(tops[index] ?? 0)}>
          <PartMark part={part} />
          {valueWords(panel.unit, last)} {part.label}
        </li>
      ))}
    </ul>
  );
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
