import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeySet } from '#main/services/life/purge/key-set.ts';

const key = fc.oneof(fc.nat({ max: 2 ** 48 - 1 }), fc.constantFrom(0, 2 ** 36, 2 ** 36 - 1, 2 ** 48 - 1));

it('has what was added and nothing else, however adding and looking are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key), { maxLength: 200 }), (steps) => {
      const set = new KeySet();
      const model = new Set<number>();
      for (const [isAdded, value] of steps) {
        if (isAdded) {
          set.add(value);
          model.add(value);
        }
        expect(set.has(value)).toBe(model.has(value));
      }
      expect(steps.every(([, value]) => set.has(value) === model.has(value))).toBe(true);
    }),
  );
});

it('keeps a million keys in small buckets', () => {
  const set = new KeySet();
  const at = (n: number): number => (n * 161_803_398_875) % 2 ** 48;
  for (let n = 0; n < 1_000_000; n += 1) {
    set.add(at(n));
  }
  let found = 0;
  for (let n = 0; n < 1_000_000; n += 97) {
    found += set.has(at(n)) && !set.has(at(n) + 0.5) ? 1 : 0;
  }
  expect([set.size, found]).toEqual([1_000_000, Math.ceil(1_000_000 / 97)]);
});
