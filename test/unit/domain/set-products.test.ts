import { expect, it } from 'vitest';
import { productsText } from '#shared/domain/known-sets/set-products.ts';

const product = (name: string, version = '', system = '', maker = '') => ({ name, version, system, maker });

it.each([
  [0, false, [], ''],
  [1, false, [product('Writer', '2.1', 'Windows 11', 'Contoso')], 'Writer 2.1 (Windows 11, Contoso)'],
  [2, false, [product('Writer'), product('', '', '', 'Contoso')], 'Writer, a product without a name (Contoso)'],
  [4, false, [product('A', '1'), product('B'), product('C')], 'A 1, B, C and 1 more product'],
  [1_203, true, [product('A'), product('B'), product('C')], 'A, B, C and at least 1,200 more products'],
  [3, true, [product('A'), product('B'), product('C')], 'A, B, C and perhaps more products'],
] as const)('names %s products', (count, atLeast, first, text) => {
  expect(productsText({ count, atLeast, first })).toBe(text);
});
