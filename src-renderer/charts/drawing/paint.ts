import type { ColourName } from '../colour-names.ts';

/** Colours and type as the theme has them now, for a canvas, which knows no tokens. */
export interface Paint {
  readonly colour: (name: ColourName) => string;
  readonly text: string;
  readonly textStrong: string;
  readonly surface: string;
  readonly grid: string;
  readonly axis: string;
  readonly fill: string;
  readonly fontFamily: string;
}

/** Reads the tokens. Costs a style computation: once for each theme, not for each drawing. */
export function readPaint(): Paint {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    colour: token,
    text: token('text-3'),
    textStrong: token('text-1'),
    surface: token('surface-content'),
    grid: token('chart-grid'),
    axis: token('chart-axis'),
    fill: token('chart-fill'),
    fontFamily: token('font-text'),
  };
}

/** Calls back when the theme on the document changes. */
export function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/**
 * A fill for what waits: stripes of its colour, because pending and unknown share one and colour alone must not tell
 * them apart. `unit` is the size of a CSS pixel on the canvas.
 */
export function striped(colour: string, unit: number): CanvasPattern | string {
  const size = Math.max(4, Math.round(4 * unit));
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const context = tile.getContext('2d');
  if (context === null) {
    return colour;
  }
  context.strokeStyle = colour;
  context.lineWidth = size / 3;
  context.beginPath();
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}
