/** Imports a set and stops for ever at the named moment, so that a test can kill this process there. */
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';

const [directory = '', list = '', moment] = process.argv.slice(2);
const real = await openInlineDatabase(directory);

function stopForEver(): void {
  process.stdout.write('there\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const database = new Proxy(real, {
  get(target, name: keyof Database) {
    if (name !== 'write' || moment !== 'renamed') {
      return target[name];
    }
    return (...args: Parameters<Database['write']>) => {
      if (args[0] === 'finishKnownSet') {
        stopForEver();
      }
      return target.write(...args);
    };
  },
});
const sets = createKnownSets(database, directory, { clock: { now: () => 1_795_305_600_000 } });
const set = { name: 'Gold image', edition: '2', datedAt: null, mark: 'known-bad', replace: true } as const;
await sets.import(list, set, () => (moment === 'reading' ? stopForEver() : undefined), new AbortController().signal);
