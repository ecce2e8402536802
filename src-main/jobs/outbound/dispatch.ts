/** Runs work, at most so many at a time. It counts no calls: what may be sent is the ledger's to say. */
export interface Dispatch {
  setMost(concurrency: number): void;
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** The library is loaded here and not with the module: only the process that asks sources needs it. */
export async function createDispatch(): Promise<Dispatch> {
  const { default: Bottleneck } = await import('bottleneck/light.js');
  let most = 1;
  const limiter = new Bottleneck({ maxConcurrent: most });
  return {
    setMost(concurrency) {
      if (concurrency !== most) {
        most = concurrency;
        limiter.updateSettings({ maxConcurrent: concurrency });
      }
    },
    run: (work) => limiter.schedule(work),
  };
}
