/** Browsers stop laying out elements somewhere above 16 million pixels; this stays well below. */
export const TALLEST = 8_000_000;

/** Where a grid of fixed rows stands: exact in rows, whatever the browser can scroll. */
export interface Geometry {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height of the viewport rows are seen through. */
  readonly viewport: number;
}

/** Height of the element that makes the scrollbar. */
export function scrollHeight(geometry: Geometry): number {
  return Math.min(TALLEST, geometry.rows * geometry.rowHeight);
}

/** The furthest the rows can be moved, in row pixels. */
export function lastOffset(geometry: Geometry): number {
  return Math.max(0, geometry.rows * geometry.rowHeight - geometry.viewport);
}

/** How many row pixels one pixel of the scrollbar stands for: 1 until rows no longer fit. */
export function scrollScale(geometry: Geometry): number {
  const travel = scrollHeight(geometry) - geometry.viewport;
  return travel <= 0 ? 1 : lastOffset(geometry) / travel;
}

/** Row pixels for a scrollbar position. Its end is exactly the end of the last row. */
export function offsetOfScroll(scrollTop: number, geometry: Geometry): number {
  return clamp(Math.round(scrollTop * scrollScale(geometry)), 0, lastOffset(geometry));
}

/** Scrollbar position for row pixels. */
export function scrollOfOffset(offset: number, geometry: Geometry): number {
  return clamp(offset, 0, lastOffset(geometry)) / scrollScale(geometry);
}

/** First row to draw, how many, and where the first one's top stands in the viewport (zero or less). */
export function visibleRows(
  offset: number,
  geometry: Geometry,
): { readonly first: number; readonly count: number; readonly shift: number } {
  const first = Math.floor(offset / geometry.rowHeight);
  const shift = first * geometry.rowHeight - offset;
  const count = Math.ceil((geometry.viewport - shift) / geometry.rowHeight) + 1;
  return { first, count: Math.max(0, Math.min(count, geometry.rows - first)), shift };
}

/** The offset nearest to the present one at which a row is fully seen. */
export function offsetToReveal(row: number, offset: number, geometry: Geometry): number {
  const top = row * geometry.rowHeight;
  const bottom = top + geometry.rowHeight;
  if (top < offset) {
    return top;
  }
  return bottom > offset + geometry.viewport ? clamp(bottom - geometry.viewport, 0, lastOffset(geometry)) : offset;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
