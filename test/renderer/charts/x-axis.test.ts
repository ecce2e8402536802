// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';
import { xTicks } from '#renderer/charts/drawing/x-axis.ts';
import { intervalWords } from '#renderer/charts/chart-words.ts';
import { DAY, HOUR, NOVEMBER } from './panel-data.ts';

const labels = (from: number, to: number, width = 340, zone: 'utc' | 'local' = 'utc'): readonly string[] =>
  xTicks(from, to, width, zone).map(({ label }) => label);

afterEach(() => vi.unstubAllEnvs());

describe('the time axis', () => {
  it('names days of a week, the month once', () => {
    expect(labels(NOVEMBER, NOVEMBER + 7 * DAY)).toEqual(['12 Nov', '13', '14', '15', '16', '17', '18']);
  });

  it('names the month again where it changes', () => {
    const from = Date.UTC(2026, 10, 28) / 1000;
    expect(labels(from, from + 5 * DAY)).toEqual(['28 Nov', '29', '30', '1 Dec', '2']);
  });

  it('names hours of a day and the day at midnight', () => {
    expect(labels(NOVEMBER + 8 * HOUR, NOVEMBER + 32 * HOUR)).toEqual(['12:00', '18:00', '13 Nov', '06:00']);
  });

  it('names minutes of an hour', () => {
    expect(labels(NOVEMBER + 8 * HOUR, NOVEMBER + 9 * HOUR)).toEqual([
      '08:00',
      '08:10',
      '08:20',
      '08:30',
      '08:40',
      '08:50',
    ]);
  });

  it('names Mondays of a quarter, wherever the range begins', () => {
    const from = Date.UTC(2026, 7, 24) / 1000;
    const ticks = (shift: number): readonly number[] =>
      xTicks(from + shift * DAY, from + (90 + shift) * DAY, 700, 'utc').map(({ at }) => at);
    expect(ticks(0).every((at) => new Date(at * 1000).getUTCDay() === 1)).toBe(true);
    expect(ticks(3)).toEqual(expect.arrayContaining(ticks(0).slice(1)));
  });

  it('stands at the midnights of the zone, across the end of summer time', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const from = Date.UTC(2026, 9, 23, 22) / 1000;
    expect(new Date(from * 1000).getHours()).toBe(0);
    const ticks = xTicks(from, from + 4 * DAY + HOUR, 300, 'local');
    expect(ticks.map(({ label }) => label)).toEqual(['24 Oct', '25', '26', '27']);
    expect(ticks.map(({ at }) => new Date(at * 1000).getHours())).toEqual([0, 0, 0, 0]);
    expect((ticks[2]?.at ?? 0) - (ticks[1]?.at ?? 0)).toBe(25 * HOUR);
  });

  it('keeps to the hours of the clock on the day that has one twice', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    const from = Date.UTC(2026, 9, 24, 22) / 1000;
    expect(labels(from, from + 25 * HOUR, 300, 'local')).toEqual(['25 Oct', '06:00', '12:00', '18:00']);
    expect(labels(from, from + 8 * HOUR, 600, 'local')).toEqual([
      '25 Oct',
      '01:00',
      '02:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
      '06:00',
    ]);
  });

  it('reads zones that are half an hour off', () => {
    vi.stubEnv('TZ', 'Asia/Kolkata');
    const from = Date.UTC(2026, 10, 11, 18, 30) / 1000;
    expect(labels(from, from + DAY, 300, 'local')).toEqual(['12 Nov', '06:00', '12:00', '18:00']);
    expect(intervalWords(from - 1800, HOUR, 'local')).toBe('11 Nov, 23:30 to 12 Nov, 00:30');
  });
});
