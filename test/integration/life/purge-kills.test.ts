import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { answer, digest, purgeWorld } from './purge-world.ts';

const FILES = 9_000;
const CHILD = fileURLToPath(new URL('./purge-child.ts', import.meta.url));

/** Lets a process purge until it has told of so many steps, then kills it. True when it was killed before its end. */
async function purgeAndKill(directory: string, now: number, steps: number): Promise<boolean> {
  const child = spawn(process.execPath, [CHILD, directory, String(now)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString();
    if (said.length >= steps) {
      child.kill('SIGKILL');
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  return !said.endsWith('done');
}

test('a purge that is killed leaves a sound database, and the next one removes the rest', async () => {
  const world = await purgeWorld();
  await world.know(
    Array.from({ length: FILES }, (_, n) =>
      answer({ sha256: digest('sha256', n) }, n % 10 === 0 ? 'malicious' : 'unknown'),
    ),
    400,
  );
  const left = (): number => world.one("SELECT amount FROM counters WHERE name = 'files'");
  const seen: number[] = [];
  for (const steps of [1, 1]) {
    expect(await purgeAndKill(world.database.directory, world.now(), steps)).toBe(true);
    expect(world.problems()).toEqual([]);
    seen.push(left());
  }
  expect(seen.every((files) => files > FILES / 10 && files < FILES)).toBe(true);
  await world.purge();
  expect(left()).toBe(FILES / 10);
  const purged = world.one('SELECT sum(amount) FROM metric_events WHERE kind = 9');
  expect([purged, world.problems()]).toEqual([FILES - FILES / 10, []]);
});
