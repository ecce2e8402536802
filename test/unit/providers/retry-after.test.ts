import { expect, it } from 'vitest';
import { retryAfter } from '#main/providers/retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 9);

it.each([
  ['17', NOW + 17_000],
  ['0', NOW],
  ['Sun, 22 Nov 2026 09:05:00 GMT', NOW + 300_000],
  ['Sunday, 22-Nov-26 09:05:00 GMT', NOW + 300_000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', NOW],
  ['99999999', null],
  ['2026', NOW + 2_026_000],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['', null],
])('Retry-After "%s"', (text, at) => {
  expect(retryAfter({ 'retry-after': text }, NOW)).toBe(at);
});

it('says nothing when it is absent', () => {
  expect(retryAfter({}, NOW)).toBeNull();
});
