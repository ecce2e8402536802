// A process of its own for tests that end it: reads lists into the data directory named first. `endless` reads a stream
// that never ends, `many` reads one small list after the other; both say on stdout when they have begun.
import { createHash } from 'node:crypto';
import { openInlineDatabase } from '#main/db/client.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { systemClock } from '#main/platform/clock.ts';

const [directory = '', way = ''] = process.argv.slice(2);
const database = await openInlineDatabase(directory);
const intakes = await createIntakes(database, { threads: 'inline', clock: systemClock, readBy: 'assay test' });

function lines(from: number, count: number): Buffer {
  const digest = (number: number): string => createHash('sha256').update(`${number}`).digest('hex');
  return Buffer.from(Array.from({ length: count }, (_, n) => `${digest(from + n)}  name ${n}\n`).join(''));
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let from = 0; ; from += 1_000) {
    yield lines(from, 1_000);
    process.stdout.write('more\n');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const signal = new AbortController().signal;
for (let round = 0; round < 10_000; round += 1) {
  const chunks = way === 'endless' ? endless() : [lines(round, 3_000)].values();
  const { finished } = await intakes.start(
    {
      door: 'terminal',
      inputs: [{ kind: 'stream', name: 'stream', chunks: chunks as AsyncIterable<Uint8Array> }],
      reading: { as: 'list' },
    },
    () => undefined,
    signal,
  );
  process.stdout.write('begun\n');
  await finished;
}
