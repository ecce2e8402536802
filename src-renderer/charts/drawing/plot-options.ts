import type { PanelData } from '#shared/contract/usage.ts';
import type { Panel } from '#shared/domain/usage/panels.ts';
import type { ChartModel, ChartPart } from '../chart-model.ts';
import type { Zone } from '../chart-words.ts';
import { striped, type Paint } from './paint.ts';
import { areaPaths, barPaths, linePaths } from './paths.ts';
import { uPlot } from './uplot.ts';
import { xTicks } from './x-axis.ts';
import { yAxis, type YAxis } from './y-axis.ts';

/** All a plot is drawn from. */
export interface Drawing {
  readonly panel: Panel;
  readonly data: PanelData;
  readonly model: ChartModel;
  readonly zone: Zone;
  readonly paint: Paint;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Room kept free at the right for names of lines. */
  readonly gutter: number;
  /** Length of a CSS pixel in what the plot takes for one: 1 on the screen, more for a picture. */
  readonly zoom: number;
}

const X_AXIS = 18;
const TOP = 6;

/** What uPlot draws and how. Cursor, readout and selection are not its business here: nothing is redrawn for them. */
export function plotOptions(drawing: Drawing): uPlot.Options {
  const { data, model, width, height, gutter, zoom } = drawing;
  const y = yAxis(drawing.panel, extentOf(drawing), height - X_AXIS - TOP);
  return {
    width: width * zoom,
    height: height * zoom,
    padding: [TOP * zoom, (gutter + 6) * zoom, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: () => [data.from, data.to] },
      y: { range: () => [y.min, y.max] },
    },
    axes: [xAxisOptions(drawing, y), yAxisOptions(drawing, y)],
    series: [
      {},
      ...model.parts.map((part) => partOptions(drawing, part, y)),
      ...(model.before === null ? [nothing] : [beforeOptions(drawing, model.before)]),
    ],
    hooks: {
      drawClear: model.empty === null ? [(plot) => drawUnknown(plot, drawing)] : [],
      drawAxes: y.isCut ? [(plot) => drawCut(plot, drawing)] : [],
    },
  };
}

/** The numbers as uPlot wants them: the upper edges of parts, then the time before. */
export function plotData(model: ChartModel): uPlot.AlignedData {
  return [
    [...model.middles],
    ...model.parts.map(({ highs }) => [...highs]),
    model.before === null ? model.middles.map(() => null) : [...model.before],
  ];
}

/** A scale without a series would not be drawn. */
const nothing: uPlot.Series = { scale: 'y', points: { show: false }, paths: () => null };

/** A CSS pixel on the canvas. */
function unitOf(zoom: number): number {
  return uPlot.pxRatio * zoom;
}

function extentOf({ panel, model }: Drawing): Parameters<typeof yAxis>[1] {
  const { least, most, isStacked, parts } = model;
  return { least, most, mayCut: panel.measure === 'gauge' && !isStacked && parts.length === 1 };
}

function xAxisOptions({ data, zone, paint, zoom }: Drawing, { isCut }: YAxis): uPlot.Axis {
  const ticksOf = (plot: uPlot): ReturnType<typeof xTicks> => {
    const width = plot.bbox.width / unitOf(zoom);
    return xTicks(data.from, data.to, width, zone).map(({ at, label }) => {
      // Labels begin at their tick; one that would not end inside the plot is left out.
      const room = ((data.to - at) / (data.to - data.from)) * width;
      return { at, label: label.length * 6.4 > room + 6 ? '' : label };
    });
  };
  return {
    scale: 'x',
    size: X_AXIS * zoom,
    gap: 4 * zoom,
    font: fontOf(paint, zoom),
    stroke: paint.text,
    align: 1,
    ...ownSplits,
    splits: (plot) => ticksOf(plot).map(({ at }) => at),
    values: (plot) => ticksOf(plot).map(({ label }) => label),
    grid: { show: false },
    ticks: { show: false },
    border: { show: true, stroke: paint.axis, width: zoom, ...(isCut ? { dash: [3 * zoom, 3 * zoom] } : {}) },
  };
}

function yAxisOptions({ data, model, paint, zoom }: Drawing, y: YAxis): uPlot.Axis {
  const isKnown = data.totals.some((value) => value !== null);
  // Without any height there is nothing to measure by; without anything known not even from 0.
  const labels = y.labels.map((label, at) => ((model.most ?? 0) > 0 || (at === 0 && isKnown) ? label : ''));
  return {
    scale: 'y',
    size: (plot) => Math.max(20, widest(plot, labels, fontOf(paint, zoom)) / zoom + 8) * zoom,
    gap: 6 * zoom,
    font: fontOf(paint, zoom),
    stroke: paint.text,
    ...ownSplits,
    splits: () => [...y.ticks],
    values: () => labels,
    // The lowest would cover the time axis.
    grid: { show: true, stroke: paint.grid, width: zoom, filter: (_, splits) => [null, ...splits.slice(1)] },
    ticks: { show: false },
    border: { show: false },
  };
}

/** Ticks are chosen here, not found by uPlot, which leaves out an axis it finds no increment for. */
const ownSplits = { incrs: (_: uPlot, __: number, min: number, max: number) => [Math.max(5, max - min)], space: 1 };

function partOptions(drawing: Drawing, part: ChartPart, y: YAxis): uPlot.Series {
  const { model, data, paint, zoom } = drawing;
  const colour = paint.colour(part.colour);
  const fill = (): CanvasRenderingContext2D['fillStyle'] =>
    part.status === 'pending' ? striped(colour, unitOf(zoom)) : colour;
  const common = { scale: 'y', points: { show: false } };
  if (model.kind === 'bars') {
    return {
      ...common,
      width: 0,
      fill,
      paths: (...plot) => barPaths(model, part, data.stepSeconds, unitOf(zoom))(...plot),
    };
  }
  if (model.kind === 'area' && model.isStacked) {
    return { ...common, width: zoom, stroke: paint.surface, fill, paths: areaPaths(model, part, data.stepSeconds) };
  }
  const line = { ...common, width: 1.5 * zoom, stroke: colour, ...dashOf(part, zoom) };
  // An area from anywhere but 0 would look like a share of something.
  return model.kind === 'area' && !y.isCut
    ? { ...line, fill: paint.fill, paths: areaPaths(model, part, data.stepSeconds) }
    : { ...line, paths: linePaths(model, part.values, data.stepSeconds) };
}

function beforeOptions({ model, data, paint, zoom }: Drawing, before: readonly (number | null)[]): uPlot.Series {
  return {
    scale: 'y',
    points: { show: false },
    width: zoom,
    stroke: paint.text,
    dash: [2 * zoom, 3 * zoom],
    paths: linePaths(model, before, data.stepSeconds),
  };
}

function dashOf({ status }: ChartPart, zoom: number): { dash?: number[] } {
  return status === 'pending' ? { dash: [4 * zoom, 3 * zoom] } : {};
}

function fontOf(paint: Paint, zoom: number): string {
  return `${Math.round(11 * zoom)}px ${paint.fontFamily}`;
}

/** In what the plot takes for CSS pixels. */
function widest({ ctx }: uPlot, labels: readonly string[], font: string): number {
  ctx.save();
  ctx.font = font;
  const width = Math.max(...labels.map((label) => ctx.measureText(label).width));
  ctx.restore();
  return width;
}

/**
 * A shade where nothing was recorded, up to the last value: beside bars, nothing there would say that none happened. What
 * follows the last value has mostly not come yet. An average is unknown where nothing happened, which is no gap in what was
 * recorded.
 */
function drawUnknown(plot: uPlot, { panel, data, paint }: Drawing): void {
  if (panel.measure === 'mean' || panel.measure === 'share') {
    return;
  }
  const { ctx, bbox } = plot;
  const last = data.totals.findLastIndex((value) => value !== null);
  const edge = (at: number): number => Math.round(plot.valToPos(at, 'x', true));
  ctx.save();
  ctx.globalAlpha = 0.5;
  ctx.fillStyle = paint.grid;
  data.starts.slice(0, Math.max(0, last)).forEach((start, index) => {
    if (data.totals[index] === null) {
      const left = edge(start);
      ctx.fillRect(left, bbox.top, edge(start + data.stepSeconds) - left, bbox.height);
    }
  });
  ctx.restore();
}

/** Two strokes across the foot of the axis: it does not start at 0. */
function drawCut(plot: uPlot, { paint, zoom }: Drawing): void {
  const { ctx, bbox } = plot;
  const unit = unitOf(zoom);
  const bottom = bbox.top + bbox.height;
  ctx.save();
  ctx.strokeStyle = paint.text;
  ctx.lineWidth = unit;
  ctx.beginPath();
  for (const up of [5, 9]) {
    ctx.moveTo(bbox.left - 3 * unit, bottom - (up - 2) * unit);
    ctx.lineTo(bbox.left + 4 * unit, bottom - (up + 2) * unit);
  }
  ctx.stroke();
  ctx.restore();
}
