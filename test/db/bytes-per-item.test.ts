import { expect, test } from 'vitest';
import { bytesPerItem } from '../bench/bytes-per-item-load.ts';

test('an item takes at most 0.35 of what it takes under TEXT keys', async () => {
  const { own, text } = await bytesPerItem(30_000);
  expect(own / text).toBeLessThanOrEqual(0.35);
});
