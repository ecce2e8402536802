/** Imports a database and stops for ever once a number of batches was read, so that a test can kill this process there. */
import { buildRds } from '#main/services/known-sets/rds/build-rds.ts';

const [source = '', target = ''] = process.argv.slice(2);
const request = { source, target, name: 'NSRL', edition: '', mark: 'known', datedAt: null, importedAt: 5 } as const;
await buildRds(
  { ...request, form: 'nsrl-rdsv3', runRecords: 5000 },
  {
    onProgress: (done, total) => {
      if (done > total / 2) {
        process.stdout.write('there\n');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      }
    },
    isCancelled: () => false,
  },
);
