import { grouped } from '../grouped.ts';

/** How often a Bloom filter is wrong, in words: "wrong for 1 in 1,000 files it does not hold". */
export function errorRateText(rate: number): string {
  if (rate <= 0) {
    return 'wrong for hardly any file it does not hold';
  }
  return rate > 0.5
    ? 'wrong for most files it does not hold'
    : `wrong for 1 in ${grouped(Math.round(1 / rate))} files it does not hold`;
}
