/** The entries in another order (Fisher and Yates): a client that counts positions is found out. `random`: 0 up to 1. */
export function shuffled<T>(entries: readonly T[], random: () => number): T[] {
  const all = [...entries];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [all[last], all[other]];
    if (a !== undefined && b !== undefined) {
      all[last] = b;
      all[other] = a;
    }
  }
  return all;
}
