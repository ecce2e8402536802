import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lastOffset,
  offsetOfScroll,
  offsetToReveal,
  scrollHeight,
  scrollOfOffset,
  scrollScale,
  TALLEST,
  visibleRows,
  type Geometry,
} from '#renderer/grid/scroll-mapping.ts';

const geometries: fc.Arbitrary<Geometry> = fc.record({
  rows: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5_000_000 })),
  rowHeight: fc.constantFrom(22, 28),
  viewport: fc.integer({ min: 28, max: 2160 }),
});

function lastSeen(offset: number, geometry: Geometry): number {
  const { first, count } = visibleRows(offset, geometry);
  return first + count - 1;
}

describe('scroll mapping', () => {
  it.each([1_000_000, 5_000_000])('reaches the last of %i rows, whole, at the end of the scrollbar', (rows) => {
    const geometry = { rows, rowHeight: 28, viewport: 560 };
    const end = scrollHeight(geometry) - geometry.viewport;
    const offset = offsetOfScroll(end, geometry);
    expect(scrollHeight(geometry)).toBeLessThanOrEqual(TALLEST);
    expect(offset).toBe(lastOffset(geometry));
    expect(lastSeen(offset, geometry)).toBe(rows - 1);
    expect(offset + geometry.viewport).toBe(rows * 28);
  });

  it('moves pixel by pixel while all rows fit', () => {
    const geometry = { rows: 1000, rowHeight: 28, viewport: 560 };
    expect(scrollScale(geometry)).toBe(1);
    expect(offsetOfScroll(123, geometry)).toBe(123);
  });

  it('never goes backwards', () => {
    fc.assert(
      fc.property(geometries, fc.nat(TALLEST), fc.nat(TALLEST), (geometry, one, other) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(offsetOfScroll(low, geometry)).toBeLessThanOrEqual(offsetOfScroll(high, geometry));
      }),
    );
  });

  it('comes back to the same offset, within what one pixel of the scrollbar stands for', () => {
    fc.assert(
      fc.property(geometries, fc.double({ min: 0, max: 1, noNaN: true }), (geometry, part) => {
        const offset = Math.round(part * lastOffset(geometry));
        const back = offsetOfScroll(scrollOfOffset(offset, geometry), geometry);
        expect(Math.abs(back - offset)).toBeLessThanOrEqual(scrollScale(geometry));
      }),
    );
  });

  it('covers the whole viewport and no row that does not exist', () => {
    fc.assert(
      fc.property(geometries, fc.double({ min: 0, max: 1, noNaN: true }), (geometry, part) => {
        const offset = Math.round(part * lastOffset(geometry));
        const { first, count, shift } = visibleRows(offset, geometry);
        expect(shift).toBeLessThanOrEqual(0);
        expect(first + count).toBeLessThanOrEqual(geometry.rows);
        const isCovered = shift + count * geometry.rowHeight >= geometry.viewport;
        expect(isCovered || first + count === geometry.rows).toBe(true);
      }),
    );
  });

  it('brings any row into full sight, and stays when it is there already', () => {
    fc.assert(
      fc.property(
        geometries.filter(({ rows, rowHeight, viewport }) => rows > 0 && viewport >= rowHeight),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (geometry, whichRow, from) => {
          const row = Math.floor(whichRow * (geometry.rows - 1));
          const next = offsetToReveal(row, Math.round(from * lastOffset(geometry)), geometry);
          const top = row * geometry.rowHeight - next;
          expect(top).toBeGreaterThanOrEqual(0);
          expect(top + geometry.rowHeight).toBeLessThanOrEqual(geometry.viewport);
          expect(offsetToReveal(row, next, geometry)).toBe(next);
        },
      ),
    );
  });
});
