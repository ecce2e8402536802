import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridBefore, gridOf, intervalOf, levelOf, STEPS } from '#main/services/usage/steps.ts';

const HOUR = 3600;
const DAY = 86_400;
/** Sunday, 2026-11-22T08:10:30Z. */
const NOW = 1_795_335_030;
const KEPT = { minuteDays: 90, hourDays: 400 };
const grid = (from: number, to: number, points: number, stepSeconds?: number) =>
  gridOf({ from, to, points, stepSeconds }, KEPT, NOW);
const iso = (at: number) => new Date(at * 1000).toISOString().slice(0, 16);

describe('intervals over a range', () => {
  it.each([
    [DAY, 48, 3600],
    [DAY, 120, 15 * 60],
    [7 * DAY, 28, 12 * HOUR],
    [7 * DAY, 200, HOUR],
    [30 * DAY, 31, DAY],
    [90 * DAY, 120, DAY],
    [90 * DAY, 4000, HOUR],
    [HOUR, 61, 60],
  ])('%i s in at most %i points are %i s each', (length, points, step) => {
    const { stepSeconds, starts, from, to } = grid(NOW - length, NOW, points);
    expect(stepSeconds).toBe(step);
    expect(starts.length).toBeLessThanOrEqual(points);
    expect([from <= NOW - length, to >= NOW, from % step, (to - from) % step]).toEqual([true, true, 0, 0]);
  });

  it('are exactly as many as asked for where the range begins and ends with them', () => {
    const to = intervalOf(NOW, 1800) + 1800;
    expect(grid(to - DAY, to, 48).starts).toHaveLength(48);
  });

  it('of a week begin on Mondays', () => {
    const { starts } = grid(NOW - 30 * DAY, NOW, 5);
    expect(starts.map(iso)).toEqual([
      '2026-10-19T00:00',
      '2026-10-26T00:00',
      '2026-11-02T00:00',
      '2026-11-09T00:00',
      '2026-11-16T00:00',
    ]);
  });

  it('are longer where minutes or hours were let go', () => {
    expect(grid(NOW - 100 * DAY, NOW - 99 * DAY, 1000).stepSeconds).toBe(HOUR);
    expect(grid(NOW - 500 * DAY, NOW - 499 * DAY, 1000).stepSeconds).toBe(DAY);
    expect(() => grid(NOW - 100 * DAY, NOW - 99 * DAY, 1000, 60)).toThrow(/not kept so far back/);
  });

  it('are as long as what they are compared with is kept', () => {
    const kept = { minuteDays: 7, hourDays: 400 };
    const request = { from: NOW - 5 * DAY, to: NOW, points: 2000 };
    expect(gridOf(request, kept, NOW).stepSeconds).toBe(300);
    expect(gridOf({ ...request, compare: true }, kept, NOW).stepSeconds).toBe(HOUR);
    expect(() => gridOf({ ...request, compare: true, stepSeconds: 300 }, kept, NOW)).toThrow(/not kept so far back/);
  });

  it('of minutes are told of a week by themselves, and of a month where they were asked for', () => {
    expect(grid(NOW - 7 * DAY, NOW, 1200).stepSeconds).toBe(600);
    expect(grid(NOW - 8 * DAY, NOW, 1200).stepSeconds).toBe(HOUR);
    expect(grid(NOW - 30 * DAY, NOW, 1, 1800).starts).toHaveLength(1441);
    expect(() => grid(NOW - 32 * DAY, NOW, 1, 1800)).toThrow(/31 days at most/);
  });

  it.each([
    [NOW, NOW],
    [NOW, NOW - 1],
    [0, 253_402_300_801],
  ])('from %i to %i is no range', (from, to) => {
    expect(() => grid(from, to, 10)).toThrow(/range/);
  });

  it('are never more than 4,000, and of the usual lengths alone', () => {
    expect(() => grid(0, NOW, 1)).not.toThrow();
    expect(() => grid(0, 80 * 366 * DAY, 1)).toThrow(/more than 4000/);
    expect(() => grid(NOW - DAY, NOW, 10, 61)).toThrow(/1, 2, 5/);
  });

  it('cover the range without gap, and the time before just as well', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: NOW - 1 }),
        fc.integer({ min: 1, max: 70 * 366 * DAY }),
        fc.integer({ min: 1, max: 4000 }),
        (from, length, points) => {
          const found = grid(from, from + length, points);
          const { stepSeconds: step, starts, level } = found;
          expect(STEPS).toContain(step);
          expect(step % ([60, HOUR, DAY][level] ?? 0)).toBe(0);
          expect(starts.length).toBeLessThanOrEqual(4000);
          expect([starts[0], (starts.at(-1) ?? 0) + step]).toEqual([found.from, found.to]);
          expect(found.from <= from && found.to >= from + length && found.to - from - length < step).toBe(true);
          expect(gridBefore(found)).toMatchObject({ to: found.from, stepSeconds: step, level });
          expect(intervalOf(from, step)).toBe(found.from);
        },
      ),
    );
  });

  it('are read from the coarsest roll-ups that make them up', () => {
    expect([60, 1800, HOUR, 12 * HOUR, DAY, 7 * DAY].map(levelOf)).toEqual([0, 0, 1, 1, 2, 2]);
  });
});
