import { plotData, plotOptions, type Drawing } from './plot-options.ts';
import { uPlot } from './uplot.ts';

/** Where the plot stands in its element, CSS pixels. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Room beside it, up to the right edge of the element. */
  readonly right: number;
  /** Distance of a value from the top of the area. */
  readonly yOf: (value: number) => number;
}

/** A plot that stands in its element. */
export interface Plot {
  readonly canvas: HTMLCanvasElement;
  /** Takes the plot and every listener of it away. */
  readonly destroy: () => void;
}

/**
 * Draws into an element at once, before the next frame, and tells with each drawing where the plot stands. Null where
 * nothing can be drawn: without room, or where canvases are absent.
 */
export function drawPlot(
  host: HTMLElement,
  drawing: Drawing,
  drawn: (area: PlotArea | null) => void = () => undefined,
): Plot | null {
  if (drawing.width < 40 || drawing.height < 30 || !canDraw()) {
    drawn(null);
    return null;
  }
  const options = plotOptions(drawing);
  const hooks = { ...options.hooks, draw: [(plot: uPlot) => drawn(areaOf(plot))] };
  const made = new uPlot({ ...options, hooks }, plotData(drawing.model), (plot, init) => {
    host.append(plot.root);
    // In a batch it is drawn at once, else in a microtask.
    plot.batch(() => init());
  });
  return { canvas: made.ctx.canvas, destroy: () => made.destroy() };
}

function areaOf(plot: uPlot): PlotArea {
  const { left, top, width, height } = plot.bbox;
  const unit = uPlot.pxRatio;
  return {
    left: left / unit,
    top: top / unit,
    width: width / unit,
    height: height / unit,
    right: plot.width - (left + width) / unit,
    yOf: (value) => plot.valToPos(value, 'y'),
  };
}

/** Told once: it cannot change while the window is open. */
let isAble: boolean | null = null;

function canDraw(): boolean {
  isAble ??= typeof Path2D === 'function' && document.createElement('canvas').getContext('2d') !== null;
  return isAble;
}
