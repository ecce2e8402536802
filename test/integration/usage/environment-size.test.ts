import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createEnvironment } from '#main/services/usage/recording/environment.ts';
import type { Database } from '#main/db/port.ts';
import type { ListedPage } from '#main/db/repositories/metrics/gauges.ts';
import { never } from '../cache/open-cache.ts';

const ENTRIES = 100_000;
const INTAKES = 20;

/** All entries have one SHA-256. */
function sha256Of(from: number, count: number): Uint8Array {
  const digests = Array.from({ length: count }, (_, n) =>
    createHash('sha256')
      .update(String(from + n))
      .digest(),
  );
  return new Uint8Array(Buffer.concat(digests));
}

/** Processor milliseconds of this thread: what others do on the machine is not in them. */
const busy = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

test('a list of 100,000 that all of 20 intakes hold never holds the thread of a window', async () => {
  const all = sha256Of(0, ENTRIES);
  const page = (after: number, limit: number): ListedPage => ({
    malicious: new Uint8Array(limit).fill(1),
    expiresAt: new Float64Array(limit).fill(Number.POSITIVE_INFINITY),
    digests: [
      {
        kind: 'sha256',
        bytes: all.slice(after * 32, (after + limit) * 32),
        rows: Uint32Array.from({ length: limit }, (_, n) => n),
      },
    ],
    next: after + limit < ENTRIES ? after + limit : null,
  });
  const read = async (name: string, args: { after: number; limit: number }): Promise<unknown> =>
    name === 'listedDigests'
      ? page(args.after, args.limit)
      : name === 'keptFiles'
        ? { intakes: Array.from({ length: INTAKES }, (_, n) => n + 1) }
        : 1;
  const look = createEnvironment({
    database: { read: read as Database['read'] },
    timer: { steady: () => performance.now() },
    intakes: {
      async *packedDigests() {
        for (let at = 0; at < ENTRIES; at += 20_000) {
          yield await Promise.resolve([{ kind: 'sha256', bytes: all.subarray(at * 32, (at + 20_000) * 32) }]);
        }
      },
    },
  });
  for (const round of ['first', 'again']) {
    let longest = 0;
    let isDone = false;
    let since = busy();
    const watch = (): void => {
      longest = Math.max(longest, busy() - since);
      since = busy();
      if (!isDone) {
        setImmediate(watch);
      }
    };
    watch();
    const before = process.memoryUsage().arrayBuffers;
    const found = await look(0, never);
    isDone = true;
    await new Promise((resolve) => setImmediate(resolve));
    expect(found?.values).toEqual([{ kind: 'listInEnvironment', detail: 'malicious', amount: ENTRIES }]);
    // Some 5 ms in fact; collecting garbage may fall into any stretch.
    expect([round, longest < 60]).toEqual([round, true]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40e6);
  }
});
