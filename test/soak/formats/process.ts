// `node test/soak/formats/process.ts TASK`: reads one input after the other and says what does not hold, until it is ended.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '#main/engine.ts';
import { check } from './checks.ts';
import { corpus } from './corpus.ts';
import { makeCase, type FuzzCase } from './fuzz-case.ts';
import type { FuzzMessage, FuzzTask } from './messages.ts';
import { shrink } from './shrink.ts';

/** Processor time: how long it takes depends on what else the machine does. */
const SLOW_MS = 20_000;
const SHRINK_MS = 45_000;
/** Failures of one kind that are kept as files. */
const KEPT_OF_KIND = 3;

const task = JSON.parse(process.argv[2] ?? '{}') as FuzzTask;
const told: string[] = [];
const note = (what: string, error: unknown): void => {
  told.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
};
process.on('unhandledRejection', (error) => note('unhandled rejection', error));
process.on('uncaughtException', (error) => note('uncaught exception', error));
const say = (message: FuzzMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

mkdirSync(task.failures, { recursive: true });
const place = {
  engine: await createEngine({
    directory: join(task.directory, 'data'),
    threads: 'inline',
    shell: 'terminal',
    onFault: note,
  }),
  folder: task.directory,
  faults: () => told.splice(0),
};
const seeds = corpus();
const kinds = new Map<string, number>();

await readAll().catch((error: unknown) => {
  console.error(error);
  process.exit(2);
});

async function readAll(): Promise<void> {
  for (let number = task.from; task.to === null || number < task.to; number += 1) {
    say({ kind: 'begin', number });
    const one = makeCase(task.seed, number, seeds);
    const start = performance.now();
    const before = process.cpuUsage();
    const { wrong, formats, reads } = await check(one, place);
    const milliseconds = Math.round(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    const busyMs = Math.round((user + system) / 1000);
    const all =
      busyMs > SLOW_MS ? [...wrong, `slow: reading it ${reads} times took ${busyMs} ms of processor time`] : wrong;
    if (all.length > 0) {
      await keep(one, all);
    }
    const residentMb = Math.round(process.memoryUsage().rss / 1024 / 1024);
    say({ kind: 'done', number, wrong: all, formats, reads, milliseconds, residentMb });
  }
  await place.engine.dispose();
}

/** Writes a failing input, and the smallest that fails in the same way. */
async function keep(one: FuzzCase, wrong: readonly string[]): Promise<void> {
  const kind = kindOf(wrong[0] ?? '');
  const before = kinds.get(kind) ?? 0;
  kinds.set(kind, before + 1);
  if (before >= KEPT_OF_KIND) {
    return;
  }
  const base = join(task.failures, `seed-${task.seed}-${one.number}`);
  const { bytes, ...rest } = one;
  writeFileSync(`${base}.bin`, bytes);
  writeFileSync(`${base}.json`, JSON.stringify({ ...rest, wrong }, null, 2));
  const fails = async (candidate: Buffer): Promise<boolean> => {
    say({ kind: 'alive' });
    const again = await check({ ...one, bytes: candidate }, place);
    return again.wrong.some((what) => kindOf(what) === kind);
  };
  writeFileSync(`${base}.small.bin`, await shrink(bytes, fails, SHRINK_MS));
}

/** What a failure is about, without its numbers and digests. */
function kindOf(what: string): string {
  return (what.split('\n')[0] ?? '').replaceAll(/[0-9a-f]{8,}|\d+/g, '#').slice(0, 60);
}
