import { describe, expect, it } from 'vitest';
import { sizeText } from '#shared/domain/size-text.ts';

describe('the size of a file in words', () => {
  it('has three figures in decimal units', () => {
    expect([0, 1, 999, 1000, 1024, 67_108_864, 97_500_000, 8 * 1024 ** 3].map(sizeText)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.00 kB',
      '1.02 kB',
      '67.1 MB',
      '97.5 MB',
      '8.59 GB',
    ]);
  });

  it('never shows a thousand of a unit, nor a fourth figure', () => {
    expect([9_995, 99_950, 999_499, 999_500, 999_999_999, 1e15].map(sizeText)).toEqual([
      '10.0 kB',
      '100 kB',
      '999 kB',
      '1.00 MB',
      '1.00 GB',
      '1000 TB',
    ]);
  });
});
