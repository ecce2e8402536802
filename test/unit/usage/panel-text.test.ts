import { describe, expect, it } from 'vitest';
import { panelText, type TextFacts } from '#main/services/usage/panel-text.ts';
import { changeText, figure, intervalText, spanText } from '#shared/domain/usage/figure-words.ts';

const HOUR = 3600;
const DAY = 86_400;
/** 2026-11-22T08:00:00Z. */
const NOW = 1_795_334_400;
const starts = [NOW - 2 * DAY, NOW - DAY];

const text = (data: Partial<TextFacts['data']>, asked = 2 * DAY): string =>
  panelText({
    data: {
      panel: 'outbound-items',
      split: 'source',
      from: NOW - 2 * DAY,
      to: NOW,
      stepSeconds: DAY,
      starts,
      series: [],
      totals: [null, null],
      total: null,
      peak: null,
      before: null,
      recordedSince: null,
      ...data,
    },
    asked,
    now: NOW,
  });
const part = (label: string, total: number | null) => ({ key: label, label, values: [total, 0], total });

describe('a panel in words', () => {
  it.each<readonly [string, Partial<TextFacts['data']>]>([
    ['Nothing is known of these 2 days.', {}],
    ['No items in 2 days.', { total: 0, totals: [0, 0], peak: 0 }],
    [
      'No items in 2 days, after 12 items in the 2 days before.',
      { total: 0, totals: [0, 0], peak: 0, before: { values: [12, 0], total: 12 } },
    ],
    [
      '1,234 items in 2 days, 12 % more than in the 2 days before; most on 20 Nov UTC: 1,200. WildFire 1,234.',
      {
        total: 1234,
        totals: [1200, 34],
        peak: 1200,
        before: { values: [1000, 102], total: 1102 },
        series: [part('WildFire', 1234)],
      },
    ],
    [
      // Of the time before only the second half was recorded: there is nothing to compare with.
      '34 items in 2 days; most on 21 Nov UTC: 34.',
      { total: 34, totals: [0, 34], peak: 34, before: { values: [null, 2], total: 2 } },
    ],
    [
      '6.10 GB at the end of 2 days, 50 % less than at the end of the 2 days before; most on 20 Nov UTC: 7.00 GB.',
      {
        panel: 'database-size',
        split: 'none',
        total: 6.1e9,
        totals: [7e9, 6.1e9],
        peak: 7e9,
        before: { values: [12.2e9], total: 12.2e9 },
        series: [part('All', 6.1e9)],
      },
    ],
    [
      '80 % of the hashes in 2 days, 75 % in the 2 days before.',
      { panel: 'coverage', split: 'none', total: 80, totals: [null, 80], peak: 80, before: { values: [], total: 75 } },
    ],
    [
      '412 ms on average in 2 days, the same as in the 2 days before. A 1 ms, B 2 ms, C 3 ms, D 4 ms, E 5 ms, F 6 ms, and 2 more.',
      {
        panel: 'latency',
        total: 412,
        totals: [412, null],
        peak: 412,
        before: { values: [], total: 412 },
        series: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((label, place) => part(label, place + 1)),
      },
    ],
  ])('%s', (expected, data) => {
    expect(text(data)).toBe(expected);
  });
});

describe('figures', () => {
  it('have their unit, one of something its own', () => {
    expect([
      figure(1, 'entries'),
      figure(1, 'hashes'),
      figure(2, 'calls'),
      figure(999, 'bytes'),
      figure(1000, 'bytes'),
      figure(0.44, 'per cent'),
      figure(99.6, 'per cent'),
      figure(1234.5, 'milliseconds'),
    ]).toEqual(['1 entry', '1 hash', '2 calls', '999 bytes', '1.00 kB', '0.4 %', '100 %', '1,235 ms']);
  });

  it('say when, with the year when it is another one', () => {
    expect([
      intervalText(NOW, 6 * HOUR, NOW),
      intervalText(NOW + 14 * HOUR, 2 * HOUR, NOW),
      intervalText(NOW - 8 * HOUR, DAY, NOW),
      intervalText(NOW - 8 * HOUR, 2 * DAY, NOW),
      intervalText(NOW - 400 * DAY - 8 * HOUR, 7 * DAY, NOW),
    ]).toEqual([
      '22 Nov, 08:00 to 14:00 UTC',
      '22 Nov, 22:00 to 24:00 UTC',
      '22 Nov UTC',
      '22 Nov to 23 Nov UTC',
      'the week from 18 Oct 2025 UTC',
    ]);
  });

  it('say how long', () => {
    expect([1, 60, 90 * 60, HOUR + 1, HOUR, DAY, DAY + 1, 7 * DAY, 7 * DAY + HOUR, 400 * DAY].map(spanText)).toEqual([
      '1 min',
      '1 min',
      '90 min',
      'one hour',
      'one hour',
      '24 hours',
      '24 hours',
      '7 days',
      '7 days',
      '400 days',
    ]);
  });

  it('compare with what is known alone', () => {
    expect([
      changeText(112, 100),
      changeText(50, 100),
      changeText(1000, 999),
      changeText(5, 5),
      changeText(5, 0),
      changeText(null, 5),
      changeText(5, null),
    ]).toEqual(['12 % more than', '50 % less than', 'under 1 % more than', 'the same as', null, null, null]);
  });
});
