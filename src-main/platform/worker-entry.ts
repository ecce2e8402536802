/** Entries with a file of their own under .build/main, threads and simulators; .scripts/targets.mjs lists the same names. */
export type WorkerName =
  | 'accelerator-worker'
  | 'db-worker'
  | 'intake-worker'
  | 'join-worker'
  | 'keychain-worker'
  | 'known-sets-worker'
  | 'pdf-worker'
  | 'samples-worker'
  | 'seven-zip-worker'
  | 'simulators';

/**
 * Where a worker thread starts, or what is loaded by name: the TypeScript source while Node runs the sources, else the
 * bundle of that name, which lies in .build/main beside this code or above its `chunks` folder.
 */
export function workerEntry(name: WorkerName, sourceUrl: URL, here: string = import.meta.url): URL {
  if (here.endsWith('.ts')) {
    return sourceUrl;
  }
  const folder = new URL('.', here);
  return new URL(folder.pathname.endsWith('/chunks/') ? `../${name}.js` : `./${name}.js`, folder);
}
