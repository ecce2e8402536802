/**
 * Watches how late timers come, and how busy the thread was in between: the second is the same however much else the
 * machine has to do. The returned function stops it and gives all of them in milliseconds.
 */
export function delays(): () => { readonly late: readonly number[]; readonly busy: readonly number[] } {
  const late: number[] = [];
  const busy: number[] = [];
  let due = performance.now() + 2;
  let used = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(used);
    used = process.threadCpuUsage();
    busy.push((user + system) / 1000);
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + 2;
  }, 2);
  return () => {
    clearInterval(timer);
    return { late, busy };
  };
}

/** The value below which that share of them lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
