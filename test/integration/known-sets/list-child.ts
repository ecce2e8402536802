/** Imports a list and stops for ever once a share of it was read, so that a test can kill this process there. */
import { buildSet } from '#main/services/known-sets/build-set.ts';

const [source = '', target = '', moment = ''] = process.argv.slice(2);
const stop = (): void => {
  process.stdout.write('there\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
const share = Number(moment);
const set = { name: 'List', edition: '', mark: 'known', datedAt: null, importedAt: 5, form: 'list' } as const;
let looks = 0;
await buildSet(
  { ...set, source, target, runRecords: 20_000, keptFrom: 1 << 20 },
  {
    onProgress: (_done, _total, _digests, phase) => (moment === 'sorting' && phase === 'sorting' ? stop() : undefined),
    // Once for every piece that is read.
    isCancelled: () => {
      looks += 1;
      if (looks > share) {
        stop();
      }
      return false;
    },
  },
);
