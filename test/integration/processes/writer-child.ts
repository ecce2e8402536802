import { createHash } from 'node:crypto';
import { openInlineDatabase } from '#main/db/client.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { HexDigest } from '#shared/domain/hash.ts';

/** Writes `count` items of its own, in batches, and prints how long its slowest transaction took. */
export async function writeItems(directory: string, name: string, count: number): Promise<number> {
  const database = await openInlineDatabase(directory);
  let slowest = 0;
  for (let from = 0; from < count; from += 100) {
    const items = Array.from({ length: Math.min(100, count - from) }, (_, index): ItemRecord => ({
      digests: {
        sha256: createHash('sha256')
          .update(`${name} ${from + index}`)
          .digest('hex') as HexDigest,
      },
      source: 1,
      status: 4,
      noAnswer: null,
      score: null,
      threat: `threat of ${name}`,
      rawCode: null,
      firstSeen: null,
      scannedAt: from,
    }));
    const start = performance.now();
    await database.write('importItems', { items, at: 1 }, 'bulk');
    slowest = Math.max(slowest, performance.now() - start);
  }
  await database.close();
  return slowest;
}

if (process.argv[2] !== undefined && import.meta.main) {
  const [directory, name = '', count = '0'] = process.argv.slice(2);
  process.stdout.write(`${await writeItems(directory as string, name, Number(count))}\n`);
}
