import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketBits, bucketOf, bucketRange } from '#main/db/repositories/sync/packages/bucket.ts';
import { packageName, packageRootId } from '#main/db/repositories/sync/packages/package-identity.ts';

const UUID = '0f0e0d0c-0b0a-4908-8706-050403020100';

test.each([
  ['that follow each other', (at: number) => at + 1],
  ['64 apart', (at: number) => 3 + at * 64],
  ['beyond 32 bits', (at: number) => 2 ** 45 + at],
  ['2^32 apart', (at: number) => 7 + at * 2 ** 32],
])('ids %s are spread evenly over 256 packages', (_name, idOf) => {
  const counts = Array.from({ length: 256 }, () => 0);
  for (let at = 0; at < 100_000; at += 1) {
    const first = bucketOf(idOf(at)) >>> 24;
    counts[first] = (counts[first] ?? 0) + 1;
  }
  // Chance alone has a standard deviation of 20 around 391.
  expect(Math.min(...counts)).toBeGreaterThan(290);
  expect(Math.max(...counts)).toBeLessThan(490);
});

test('a bucket lies in the ranges of its own leading bits alone', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.nat(31), (id, length) => {
      const bucket = bucketOf(id);
      const bits = bucketBits(bucket);
      const inRange = (prefix: string): boolean => {
        const { first, last } = bucketRange(prefix);
        return first <= bucket && bucket <= last;
      };
      const other = `${bits.slice(0, length)}${bits[length] === '0' ? '1' : '0'}`;
      expect([bits.length, inRange(''), inRange(bits.slice(0, length)), inRange(bits), inRange(other)]).toEqual([
        32,
        true,
        true,
        true,
        false,
      ]);
    }),
  );
});

test('the root id is a UUID of version 5 made from job, type and bits', () => {
  const id = packageRootId(UUID, 'File', '01');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(packageRootId(UUID, 'File', '01')).toBe(id);
  const others = [
    packageRootId(UUID, 'File', '0'),
    packageRootId(UUID, 'Host', '01'),
    packageRootId(UUID.replace('0f', '1f'), 'File', '01'),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});

test('the name says job, type and bits', () => {
  expect(packageName('Daily', 'File', '')).toBe('Daily - File');
  expect(packageName('Daily', 'Address', '0110')).toBe('Daily - Address 0110');
});
