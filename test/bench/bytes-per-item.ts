import { bytesPerItem } from './bytes-per-item-load.ts';

/** Prints bytes per item at full size: `node test/bench/bytes-per-item.ts [FILES]`, three items each. */
const files = Number(process.argv[2] ?? 1_000_000);
const { own, text } = await bytesPerItem(files);
console.log(
  `${files} files x 3 items: ${own.toFixed(1)} bytes per item, TEXT keys ${text.toFixed(1)}, ratio ${(own / text).toFixed(3)} (goal 0.35)`,
);
process.exitCode = own / text <= 0.35 ? 0 : 1;
