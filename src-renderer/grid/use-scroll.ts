import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import {
  lastOffset,
  offsetOfScroll,
  offsetToReveal,
  scrollOfOffset,
  scrollScale,
  type Geometry,
} from './scroll-mapping.ts';

export interface GridScroll {
  /** For the scrolling element. */
  readonly box: RefObject<HTMLDivElement | null>;
  readonly geometry: Geometry;
  readonly offset: number;
  readonly onScroll: () => void;
  /** Moves so that a row is fully seen. */
  readonly reveal: (row: number) => void;
}

/**
 * Keeps the exact row offset beside the browser's scroll position. Wheel and keyboard move by exact pixels even where
 * one pixel of the scrollbar stands for many rows; dragging the scrollbar maps. Another `queryKey` starts at the top.
 */
export function useGridScroll(rows: number, rowHeight: number, headHeight: number, queryKey: string): GridScroll {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(600);
  const [offset, setOffset] = useState(0);
  const [seenKey, setSeenKey] = useState(queryKey);
  if (seenKey !== queryKey) {
    setSeenKey(queryKey);
    setOffset(0);
  }
  const geometry: Geometry = { rows, rowHeight, viewport };
  const latest = useRef({ geometry, offset });
  useLayoutEffect(() => {
    latest.current = { geometry, offset };
  });

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }
    const measure = (): void => setViewport(Math.max(rowHeight, element.clientHeight - headHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight, headHeight]);

  const moveTo = useCallback((next: number): void => {
    const { geometry: now } = latest.current;
    const bounded = Math.min(lastOffset(now), Math.max(0, next));
    latest.current = { geometry: now, offset: bounded };
    setOffset(bounded);
    if (box.current !== null) {
      box.current.scrollTop = scrollOfOffset(bounded, now);
    }
  }, []);

  const onScroll = useCallback((): void => {
    const { geometry: now, offset: present } = latest.current;
    const top = box.current?.scrollTop ?? 0;
    // Our own moves come back as scroll events, rounded by the browser: only a real move may change the offset.
    if (Math.abs(top - scrollOfOffset(present, now)) >= 1.5) {
      setOffset(offsetOfScroll(top, now));
    }
  }, []);

  useLayoutEffect(() => {
    if (seenKey === queryKey) {
      box.current?.scrollTo({ top: 0 });
    }
  }, [seenKey, queryKey]);

  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent): void => {
      const { geometry: now, offset: present } = latest.current;
      if (scrollScale(now) > 1 && !event.ctrlKey && Math.abs(event.deltaY) > Math.abs(event.deltaX)) {
        event.preventDefault();
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? now.rowHeight : 1;
        moveTo(present + event.deltaY * unit);
      }
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [moveTo]);

  const bounded = Math.min(offset, lastOffset(geometry));
  const reveal = useCallback(
    (row: number): void => {
      const { geometry: now, offset: present } = latest.current;
      const next = offsetToReveal(row, present, now);
      if (next !== present) {
        moveTo(next);
      }
    },
    [moveTo],
  );
  return { box, geometry, offset: bounded, onScroll, reveal };
}
