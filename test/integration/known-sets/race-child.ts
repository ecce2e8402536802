/** Imports a set once it is told to on standard input, so that a test can let several processes do so at once. */
import { once } from 'node:events';
import { openInlineDatabase } from '#main/db/client.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';

const [directory = '', list = '', name = '', replace] = process.argv.slice(2);
const database = await openInlineDatabase(directory);
const sets = createKnownSets(database, directory, { clock: { now: () => 1_795_305_600_000 } });
const set = { name, edition: list, datedAt: null, mark: 'known', replace: replace === 'replace' } as const;
await sets.list();
process.stdout.write('ready\n');
await once(process.stdin, 'data');
try {
  const made = await sets.import(list, set, () => undefined, new AbortController().signal);
  process.stdout.write(`${JSON.stringify({ id: made.set.id, name: made.set.name })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ message: (error as Error).message })}\n`);
}
await database.close();
process.stdin.destroy();
