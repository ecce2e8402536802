/** Imports what it is asked for and stops for ever at the look of a number, so that a test can kill this process there. */
import { buildFrom } from '#main/services/known-sets/build-from.ts';
import type { BuildRequest } from '#main/services/known-sets/build-set.ts';

const [asked = '{}', most = '0'] = process.argv.slice(2);
let looks = 0;
await buildFrom(JSON.parse(asked) as BuildRequest, {
  onProgress: () => undefined,
  isCancelled: () => {
    looks += 1;
    if (looks > Number(most)) {
      process.stdout.write('there\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return false;
  },
});
process.stdout.write('made\n');
