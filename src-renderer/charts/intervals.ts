import type { PanelData } from '#shared/contract/usage.ts';

/** The interval a moment lies in; null outside of the range. */
export function intervalAt({ starts, stepSeconds }: PanelData, at: number): number | null {
  const first = starts[0];
  if (first === undefined) {
    return null;
  }
  const index = Math.floor((at - first) / stepSeconds);
  return index >= 0 && index < starts.length ? index : null;
}

/** The interval nearest to a moment, whatever the moment. */
export function nearestInterval(data: PanelData, at: number): number {
  const first = data.starts[0] ?? 0;
  return clamp(Math.floor((at - first) / data.stepSeconds), data.starts.length);
}

/** The interval so many on, at most the first or last one. */
export function stepped(data: PanelData, index: number, by: number): number {
  return clamp(index + by, data.starts.length);
}

/** The middle of an interval, seconds since the epoch. */
export function middleOf({ starts, stepSeconds }: PanelData, index: number): number {
  return (starts[index] ?? 0) + stepSeconds / 2;
}

/** The intervals of two moments and what lies between them, as a stretch of time: from (inclusive) to (exclusive). */
export function stretchOf(data: PanelData, one: number, other: number): { readonly from: number; readonly to: number } {
  const [first, last] = [nearestInterval(data, Math.min(one, other)), nearestInterval(data, Math.max(one, other))];
  return { from: data.starts[first] ?? 0, to: (data.starts[last] ?? 0) + data.stepSeconds };
}

function clamp(index: number, count: number): number {
  return Math.min(Math.max(0, count - 1), Math.max(0, index));
}
