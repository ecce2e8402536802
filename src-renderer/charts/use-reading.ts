import { useEffect, useState, type HTMLAttributes, type KeyboardEvent, type PointerEvent } from 'react';
import type { PanelData } from '#shared/contract/usage.ts';
import type { Cursors } from './cursors.tsx';
import { middleOf, nearestInterval, stepped, stretchOf } from './intervals.ts';

/** Where choosing began and where it is now: moments, since intervals move on while the present does. */
export interface Selection {
  readonly anchor: number;
  readonly head: number;
}

interface Press {
  readonly x: number;
  readonly at: number;
}

interface Dragging {
  readonly press: Press | null;
  readonly setPress: (press: Press | null) => void;
  readonly selection: Selection | null;
  readonly setSelection: (selection: Selection | null) => void;
  readonly finish: (chosen: Selection | null) => void;
}

interface Reading {
  readonly chart: string;
  readonly data: PanelData;
  readonly cursors: Cursors;
  readonly onBrush: ((from: number, to: number) => void) | undefined;
}

/** Less movement than this with the button down is a click. */
const DRAG_PIXELS = 4;

/** Moves the cursor and chooses stretches of time, by pointer on the plot and by keys on the chart. */
export function useReading(reading: Reading): {
  readonly selection: Selection | null;
  readonly pointer: HTMLAttributes<HTMLElement>;
  readonly keys: HTMLAttributes<HTMLElement>;
} {
  const [selection, setSelection] = useState<Selection | null>(null);
  const [press, setPress] = useState<Press | null>(null);
  const { chart, cursors } = reading;
  useEffect(
    () => () => {
      // A chart that goes takes its cursor along.
      if (cursors.get()?.chart === chart) {
        cursors.set(null);
      }
    },
    [chart, cursors],
  );
  const finish = (chosen: Selection | null): void => {
    setSelection(null);
    setPress(null);
    if (chosen !== null && reading.onBrush !== undefined) {
      const { from, to } = stretchOf(reading.data, chosen.anchor, chosen.head);
      reading.onBrush(from, to);
    }
  };
  return {
    selection,
    pointer: pointerHandlers(reading, { press, setPress, selection, setSelection, finish }),
    keys: {
      onKeyDown: (event) => onKey(event, reading, selection, setSelection, finish),
      onBlur: () => {
        finish(null);
        clear(reading, 'keys');
      },
    },
  };
}

function pointerHandlers(
  reading: Reading,
  { press, setPress, selection, setSelection, finish }: Dragging,
): HTMLAttributes<HTMLElement> {
  const { chart, data, cursors } = reading;
  /** What is chosen at an event, told from the event alone: what was rendered may be a movement behind. */
  const chosenAt = (event: PointerEvent<HTMLElement>): Selection | null => {
    const isDragged = press !== null && (selection !== null || Math.abs(event.clientX - press.x) >= DRAG_PIXELS);
    return isDragged ? { anchor: press.at, head: momentAt(event, data) } : null;
  };
  return {
    onPointerDown: (event) => {
      if (event.button === 0 && reading.onBrush !== undefined) {
        event.currentTarget.setPointerCapture(event.pointerId);
        setPress({ x: event.clientX, at: momentAt(event, data) });
      }
    },
    onPointerMove: (event) => {
      cursors.set({ at: momentAt(event, data), chart, by: 'pointer' });
      if (press !== null) {
        setSelection(chosenAt(event));
      }
    },
    onPointerUp: (event) => finish(chosenAt(event)),
    onPointerCancel: () => finish(null),
    onPointerLeave: () => clear(reading, 'pointer'),
  };
}

function onKey(
  event: KeyboardEvent<HTMLElement>,
  reading: Reading,
  selection: Selection | null,
  setSelection: (selection: Selection | null) => void,
  finish: (chosen: Selection | null) => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const { data, chart, cursors } = reading;
  const present = cursors.get();
  if (event.key === 'Escape' && (selection !== null || present !== null)) {
    finish(null);
    if (selection === null) {
      cursors.set(null);
    }
  } else if (event.key === 'Enter' && selection !== null) {
    finish(selection);
  } else {
    const index = present === null ? null : nearestInterval(data, present.at);
    const next = target(event.key, index, data);
    if (next === null) {
      return;
    }
    const at = middleOf(data, next);
    cursors.set({ at, chart, by: 'keys' });
    const isChoosing = event.shiftKey && reading.onBrush !== undefined;
    setSelection(isChoosing ? { anchor: selection?.anchor ?? middleOf(data, index ?? next), head: at } : null);
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Where a key leads: from nowhere an arrow leads to the last interval, which is the present one. */
function target(key: string, index: number | null, data: PanelData): number | null {
  const last = data.starts.length - 1;
  const tenth = Math.max(1, Math.round(data.starts.length / 10));
  switch (key) {
    case 'ArrowLeft':
      return index === null ? last : stepped(data, index, -1);
    case 'ArrowRight':
      return index === null ? last : stepped(data, index, 1);
    case 'PageUp':
      return index === null ? last : stepped(data, index, -tenth);
    case 'PageDown':
      return index === null ? last : stepped(data, index, tenth);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function clear({ cursors, chart }: Reading, by: 'pointer' | 'keys'): void {
  const present = cursors.get();
  if (present?.chart === chart && present.by === by) {
    cursors.set(null);
  }
}

/** The middle of the interval under the pointer; beyond the edges of the plot, of the nearest. */
function momentAt(event: PointerEvent<HTMLElement>, data: PanelData): number {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  const share = width === 0 ? 0 : (event.clientX - left) / width;
  return middleOf(data, nearestInterval(data, data.from + share * (data.to - data.from)));
}
