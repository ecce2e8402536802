import type uPlot from 'uplot';
import type { ChartModel, ChartPart } from '../chart-model.ts';

/** One column of pixels: the interval it shows and where it stands on the canvas. */
interface Column {
  readonly index: number;
  readonly left: number;
  readonly right: number;
}

type Values = readonly (number | null)[];

/**
 * Bars of a stack: each as wide as its interval, a pixel apart where there is room, edges on whole pixels. Of intervals
 * narrower than a pixel the highest stack is drawn: a peak never hides. `unit` is a CSS pixel on the canvas.
 */
export function barPaths(model: ChartModel, part: ChartPart, step: number, unit: number): uPlot.Series.PathBuilder {
  return (plot) => {
    const fill = new Path2D();
    for (const { index, left, right } of columns(plot, model, step)) {
      const low = part.lows[index] ?? null;
      const high = part.highs[index] ?? null;
      if (low === null || high === null || high <= low) {
        continue;
      }
      const gap = right - left >= 4 * unit ? Math.max(1, Math.round(unit)) : right - left >= 3 ? 1 : 0;
      const top = Math.round(plot.valToPos(high, 'y', true));
      const bottom = Math.round(plot.valToPos(low, 'y', true));
      // A value that is there is seen: at least a pixel, over what lies below it.
      const height = Math.max(low === 0 ? 1 : 0, bottom - top);
      fill.rect(left, bottom - height, Math.max(1, right - left - gap), height);
    }
    return { stroke: null, fill };
  };
}

/** A line through the middles of intervals, broken where a value is not known; a lone value is a short stroke. */
export function linePaths(model: ChartModel, values: Values, step: number): uPlot.Series.PathBuilder {
  return (plot) => {
    const stroke = new Path2D();
    for (const run of runs(plot, model, values, step)) {
      run.forEach(({ x, column, high }, place) => {
        if (run.length === 1) {
          stroke.moveTo(Math.min(column.left, x - 1), high);
          stroke.lineTo(Math.max(column.right, x + 1), high);
        } else if (place === 0) {
          stroke.moveTo(x, high);
        } else {
          stroke.lineTo(x, high);
        }
      });
    }
    return { stroke, fill: null };
  };
}

/** An area between a part's edges with its upper edge as a line, broken where nothing is known. */
export function areaPaths(model: ChartModel, part: ChartPart, step: number): uPlot.Series.PathBuilder {
  return (plot) => {
    const stroke = new Path2D();
    const fill = new Path2D();
    for (const run of runs(plot, model, part.highs, step)) {
      const first = run[0];
      const last = run.at(-1);
      if (first === undefined || last === undefined) {
        continue;
      }
      const isLone = run.length === 1;
      const upper = isLone
        ? [
            { ...first, x: first.column.left },
            { ...first, x: Math.max(first.column.right, first.column.left + 2) },
          ]
        : run;
      const lowAt = (index: number): number => plot.valToPos(part.lows[index] ?? 0, 'y', true);
      for (const path of [stroke, fill]) {
        upper.forEach(({ x, high }, place) => (place === 0 ? path.moveTo(x, high) : path.lineTo(x, high)));
      }
      for (const { x, column } of [...upper].reverse()) {
        fill.lineTo(x, lowAt(column.index));
      }
      fill.closePath();
    }
    return { stroke, fill };
  };
}

interface LinePoint {
  readonly x: number;
  readonly high: number;
  readonly column: Column;
}

function runs(plot: uPlot, model: ChartModel, values: Values, step: number): readonly (readonly LinePoint[])[] {
  const all: LinePoint[][] = [];
  let current: LinePoint[] = [];
  for (const column of columns(plot, model, step, values)) {
    const value = values[column.index] ?? null;
    if (value === null) {
      current = [];
      continue;
    }
    if (current.length === 0) {
      all.push(current);
    }
    const x = plot.valToPos(model.middles[column.index] ?? 0, 'x', true);
    current.push({ x, high: plot.valToPos(value, 'y', true), column });
  }
  return all;
}

/** At most one interval for each pixel: the one that reaches highest, by the values given or the whole stack. */
function columns(plot: uPlot, model: ChartModel, step: number, values?: Values): readonly Column[] {
  const edge = (time: number): number => Math.round(plot.valToPos(time, 'x', true));
  const tops = values ?? model.parts.at(-1)?.highs ?? [];
  const found: Column[] = [];
  model.middles.forEach((middle, index) => {
    const column = { index, left: edge(middle - step / 2), right: edge(middle + step / 2) };
    const last = found.at(-1);
    if (last === undefined || column.left > last.left) {
      found.push(column);
    } else if ((tops[index] ?? -1) > (tops[last.index] ?? -1)) {
      found[found.length - 1] = { ...column, left: last.left };
    }
  });
  return found;
}
