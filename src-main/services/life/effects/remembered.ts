/** How long a result stands while nothing changed: some of it depends on the time, by the minute at most. */
const STANDS_MS = 60_000;

/**
 * Remembers the last result of some work, so that a draft in which only another field was changed does not do it again.
 * `key` names everything the work depends on. What fails or is cancelled is not remembered.
 */
export function remembered<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  let last: { readonly key: string; readonly at: number; readonly result: T } | null = null;
  return async (key, work) => {
    if (last !== null && last.key === key && performance.now() - last.at < STANDS_MS) {
      return last.result;
    }
    const at = performance.now();
    const result = await work();
    last = { key, at, result };
    return result;
  };
}
