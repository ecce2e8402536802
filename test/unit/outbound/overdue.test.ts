import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidates } from '#main/jobs/rescans/candidates.ts';
import { createOverdueList } from '#main/jobs/rescans/overdue.ts';

const WILDFIRE = 1;
const MALICIOUS = 1;
const OTHER = 0;
const UNASKED = 2;

describe('the most overdue items', () => {
  it('are kept in order, whatever order they come in, and the rest is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 1, max: 9 }), (dues, most) => {
        const list = createOverdueList(most);
        dues.forEach((due, id) => list.add({ id, due }));
        list.sort();
        const kept = Array.from({ length: list.length }, (_, index) => list.at(index)?.due);
        expect(kept).toEqual(dues.toSorted((a, b) => a - b).slice(0, most));
        expect(dues.filter((due) => due < list.cut).length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('go from the front', () => {
    const list = createOverdueList(9);
    [3, 1, 2].forEach((due) => list.add({ id: due * 10, due }));
    list.sort();
    list.drop(2);
    expect([list.length, list.at(0)]).toEqual([1, { id: 30, due: 3 }]);
    list.drop(5);
    expect([list.length, list.at(0)]).toEqual([0, undefined]);
  });
});

describe('candidates', () => {
  const found = (...rows: readonly (readonly [id: number, due: number, of: number])[]) =>
    Float64Array.from(rows.flatMap(([id, due, of]) => [id, WILDFIRE, due, of]));

  it('are a third malicious ones first, then what is overdue the longest', () => {
    const candidates = createCandidates();
    candidates.add(
      found([1, 5, OTHER], [2, 90, MALICIOUS], [3, 80, MALICIOUS], [4, 7, OTHER], [5, 6, OTHER], [6, 85, MALICIOUS]),
    );
    candidates.finish();
    expect(candidates.rescans(WILDFIRE, 5).map(({ id }) => id)).toEqual([3, 6, 1, 5, 4]);
    expect(candidates.rescans(WILDFIRE, 99).map(({ id }) => id)).toEqual([3, 6, 2, 1, 5, 4]);
    expect(candidates.rescans(5, 99)).toEqual([]);
  });

  it('are taken as they were given, those that were not looked at stay', () => {
    const candidates = createCandidates();
    candidates.add(found([1, 5, OTHER], [2, 90, MALICIOUS], [3, 7, OTHER], [9, 1, UNASKED]));
    candidates.finish();
    const files = candidates.rescans(WILDFIRE, 3);
    candidates.take(WILDFIRE, files, 'rescan', 2);
    expect(candidates.rescans(WILDFIRE, 3)).toEqual(files.slice(2));
    candidates.take(WILDFIRE, candidates.unasked(WILDFIRE, 9), 'new', 1);
    expect(candidates.unasked(WILDFIRE, 9)).toEqual([]);
  });

  it('are used up when more was found than is left', () => {
    const candidates = createCandidates(2);
    candidates.add(found([1, 1, OTHER], [2, 2, OTHER], [3, 3, OTHER], [4, 4, OTHER]));
    candidates.finish();
    expect([candidates.isUsedUp(), candidates.cuts()[WILDFIRE * 3 + OTHER]]).toEqual([false, 2]);
    candidates.take(WILDFIRE, candidates.rescans(WILDFIRE, 2), 'rescan', 2);
    expect(candidates.isUsedUp()).toBe(true);
  });
});
