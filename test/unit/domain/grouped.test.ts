import { expect, it } from 'vitest';
import { grouped } from '#shared/domain/grouped.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [-1_907, '-1,907'],
  [123_456, '123,456'],
  [9_007_199_254_740_991, '9,007,199,254,740,991'],
])('groups %d', (value, text) => {
  expect(grouped(value)).toBe(text);
});
