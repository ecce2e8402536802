import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_SELECTED,
  countSelected,
  extendTo,
  isSelected,
  MOST_BY_HAND,
  NOTHING_SELECTED,
  toggle,
} from '#renderer/grid/selection.ts';

describe('selection', () => {
  it('takes single rows in and out, and out of everything', () => {
    const all = toggle(ALL_SELECTED, 3);
    expect([isSelected(all, 3), isSelected(all, 4), countSelected(all, 1_000_000)]).toEqual([false, true, 999_999]);
    expect(countSelected(toggle(toggle(NOTHING_SELECTED, 5), 5), 10)).toBe(0);
  });

  it('selects from the last picked row to another, in both directions', () => {
    const from = toggle(NOTHING_SELECTED, 5);
    expect([...extendTo(from, 7).positions]).toEqual([5, 6, 7]);
    expect([...extendTo(extendTo(from, 7), 3).positions]).toEqual([3, 4, 5]);
  });

  it('counts what isSelected says, for any row of presses', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.nat(19)), (all, presses) => {
        const selection = presses.reduce(toggle, all ? ALL_SELECTED : NOTHING_SELECTED);
        const counted = Array.from({ length: 20 }, (_, at) => isSelected(selection, at)).filter(Boolean).length;
        expect(countSelected(selection, 20)).toBe(counted);
      }),
    );
  });

  it('names at most as many rows as an action takes', () => {
    expect(extendTo(toggle(NOTHING_SELECTED, 0), 999_999).positions.size).toBe(MOST_BY_HAND);
  });
});
