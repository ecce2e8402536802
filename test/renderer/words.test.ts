import { afterEach, describe, expect, it, vi } from 'vitest';
import { age, bytes, counted, duration, number, time } from '#renderer/components/words.ts';

const AT = Date.UTC(2026, 10, 22, 23, 30) / 1000;

describe('words', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('group thousands and agree with their noun', () => {
    expect([number(0), number(1_902), number(1_000_000)]).toEqual(['0', '1,902', '1,000,000']);
    expect([counted(1, 'hash', 'hashes'), counted(2_184, 'row')]).toEqual(['1 hash', '2,184 rows']);
  });

  it('give sizes three figures', () => {
    expect([bytes(0), bytes(1023), bytes(97_500_000)]).toEqual(['0 bytes', '1.02 kB', '97.5 MB']);
  });

  it('give ages in the largest unit that says enough, and never a negative one', () => {
    const ago = (seconds: number): string => age(AT - seconds, AT);
    expect([ago(-50), ago(59), ago(60), ago(3_599), ago(3_600), ago(86_399), ago(86_400), ago(86_400 * 1_200)]).toEqual(
      ['now', 'now', '1 min', '59 min', '1 h', '23 h', '1 d', '1,200 d'],
    );
    expect(age(null, AT)).toBe('–');
  });

  it('give the same moment in both zones, and name the one that is not local', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    expect(time(AT, 'utc')).toBe('2026-11-22 23:30 UTC');
    expect(time(AT, 'local')).toBe('2026-11-23 08:30');
    expect(time(null, 'utc')).toBe('no time');
  });

  it('give durations in seconds, then in minutes', () => {
    expect([duration(400), duration(59_499), duration(59_999), duration(60_000), duration(119_900)]).toEqual([
      '0.4 s',
      '59 s',
      '1 min 0 s',
      '1 min 0 s',
      '2 min 0 s',
    ]);
  });
});
