/**
 * The smallest input found in `patienceMs` that still fails: parts are left out, halves first, then ever smaller ones.
 * `fails` is only asked about inputs smaller than what is known to fail.
 */
export async function shrink(
  bytes: Buffer,
  fails: (candidate: Buffer) => Promise<boolean>,
  patienceMs: number,
): Promise<Buffer> {
  const end = performance.now() + patienceMs;
  let smallest = bytes;
  for (let size = Math.ceil(bytes.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < smallest.length && performance.now() < end;) {
      const candidate = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)]);
      if (await fails(candidate)) {
        smallest = candidate;
      } else {
        from += size;
      }
    }
  }
  return smallest;
}
