// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { beforeWords, changeWords, intervalWords, rangeWords, valueWords } from '#renderer/charts/chart-words.ts';
import { DAY, HOUR, NOVEMBER } from './panel-data.ts';

describe('words of charts', () => {
  it('says values with what they are', () => {
    expect(valueWords('items', 148_206)).toBe('148,206');
    expect(valueWords('bytes', 2.31 * 1000 ** 3)).toBe('2.31 GB');
    expect(valueWords('per cent', 97.345)).toBe('97.3 %');
    expect(valueWords('milliseconds', 419.6)).toBe('420 ms');
    expect(valueWords('milliseconds', 2345)).toBe('2.35 s');
    expect(valueWords('items', 0)).toBe('0');
    expect(valueWords('items', null)).toBe('not known');
  });

  it('says intervals', () => {
    expect(intervalWords(NOVEMBER + 12 * HOUR, 6 * HOUR, 'utc')).toBe('12 Nov, 12:00 to 18:00');
    expect(intervalWords(NOVEMBER + 18 * HOUR, 6 * HOUR, 'utc')).toBe('12 Nov, 18:00 to 24:00');
    expect(intervalWords(NOVEMBER + 18 * HOUR, 12 * HOUR, 'utc')).toBe('12 Nov, 18:00 to 13 Nov, 06:00');
    expect(intervalWords(NOVEMBER, DAY, 'utc')).toBe('12 Nov');
    expect(intervalWords(NOVEMBER, 7 * DAY, 'utc')).toBe('12 Nov to 18 Nov');
  });

  it('says ranges with their year and zone', () => {
    expect(rangeWords(NOVEMBER, NOVEMBER + 7 * DAY, 'utc')).toBe('12 Nov 2026, 00:00 to 19 Nov 2026, 00:00 UTC');
    expect(beforeWords({ from: NOVEMBER, to: NOVEMBER + 7 * DAY })).toBe('7 d before');
    expect(beforeWords({ from: NOVEMBER, to: NOVEMBER + DAY + HOUR / 2 })).toBe('24 h before');
    expect(beforeWords({ from: NOVEMBER, to: NOVEMBER + HOUR })).toBe('60 min before');
  });

  it('says changes, and none where nothing can be said', () => {
    expect(changeWords(112, 100)).toBe('+12 %');
    expect(changeWords(97, 100)).toBe('−3 %');
    expect(changeWords(100, 100)).toBe('as before');
    expect(changeWords(1001, 1000)).toBe('under +1 %');
    expect(changeWords(999, 1000)).toBe('under −1 %');
    expect(changeWords(5000, 100)).toBe('× 50');
    expect(changeWords(5, 0)).toBeNull();
    expect(changeWords(null, 5)).toBeNull();
  });
});
