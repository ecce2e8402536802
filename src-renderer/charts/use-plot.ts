import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { onTheme, readPaint } from './drawing/paint.ts';
import type { Drawing } from './drawing/plot-options.ts';
import { drawPlot, type PlotArea } from './drawing/plot.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Narrower than this a plot is not made by names beside it, CSS pixels. */
const LEAST_PLOT = 180;

/**
 * Keeps one plot in an element: drawn anew, before the next frame, when data, size or theme change, taken away with the
 * component. Returns where it stands, null while nothing is drawn.
 */
export function usePlot(
  host: RefObject<HTMLElement | null>,
  what: Omit<Drawing, 'paint' | 'width' | 'height' | 'zoom'>,
): PlotArea | null {
  const size = useSize(host);
  const paint = usePaint();
  const [area, setArea] = useState<PlotArea | null>(null);
  const { panel, data, model, zone, gutter } = what;
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null || size === null) {
      return undefined;
    }
    const beside = size.width - gutter < LEAST_PLOT ? 0 : gutter;
    const drawing = { panel, data, model, zone, gutter: beside, paint, ...size, zoom: 1 };
    return drawPlot(element, drawing, setArea)?.destroy;
  }, [host, size, paint, panel, data, model, zone, gutter]);
  return area;
}

function useSize(host: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  const last = useRef<Size | null>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const measure = (): void => {
      const next = { width: Math.floor(element.clientWidth), height: Math.floor(element.clientHeight) };
      if (next.width !== last.current?.width || next.height !== last.current.height) {
        last.current = next;
        setSize(next);
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return size;
}

/** The theme's colours, read once for all charts of a theme. */
let shared: { readonly theme: string | undefined; readonly paint: ReturnType<typeof readPaint> } | null = null;

function sharedPaint(): ReturnType<typeof readPaint> {
  const theme = document.documentElement.dataset['theme'];
  if (shared === null || shared.theme !== theme) {
    shared = { theme, paint: readPaint() };
  }
  return shared.paint;
}

function usePaint(): ReturnType<typeof readPaint> {
  const [paint, setPaint] = useState(sharedPaint);
  useEffect(() => {
    const look = (): void => setPaint(sharedPaint());
    look();
    return onTheme(look);
  }, []);
  return paint;
}
