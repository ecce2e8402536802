import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assay, ended, type Ended, startAssay } from './assay.ts';

const digest = (seed: number): string => seed.toString(16).padStart(64, '0');
const LIST = `${Array.from({ length: 400 }, (_, seed) => digest(seed)).join('\n')}\n`;
let root: string;
let pipe: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-pipe-'));
  pipe = join(root, 'pipe');
  data = join(root, 'data');
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [pipe]);
  }
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Stops the command once it opened its data directory and began to wait. Null when it did not end. */
async function stopped(args: readonly string[], folder: string): Promise<Ended | null> {
  const child = startAssay(['--data', folder, ...args]);
  const end = ended(child);
  for (let looks = 0; looks < 100 && !isWaiting(child.pid ?? 0); looks += 1) {
    await wait(50);
  }
  child.kill('SIGINT');
  const first = await Promise.race([end, wait(5_000, null)]);
  child.kill('SIGKILL');
  await end;
  return first;
}

/** Linux tells where a thread sleeps: in the opening of a pipe. Where it keeps that to itself, five seconds will do. */
function isWaiting(process: number): boolean {
  const tasks = readdirSync(`/proc/${process}/task`);
  return tasks.some((task) => readFileSync(`/proc/${process}/task/${task}/wchan`, 'utf8').includes('partner'));
}

describe.skipIf(process.platform === 'win32')('a pipe with a name', () => {
  it.skipIf(process.platform !== 'linux').each([
    ['triage', ['triage']],
    ['the import of a known set', ['known-sets', 'import', '--name', 'Set']],
  ])('that nobody writes to lets %s stop', async (_, command) => {
    const end = await stopped([...command, pipe], data);
    expect([end?.code, end?.err]).toEqual([130, expect.stringMatching(/^Cancelled\./)]);
  });

  it('is a known set as a whole', async () => {
    const writer = createWriteStream(pipe);
    writer.end(LIST);
    const imported = await assay(['--data', data, 'known-sets', 'import', pipe, '--name', 'Set']);
    expect([imported.code, imported.err]).toEqual([
      0,
      'Set: 400 rows in = 400 digests + 0 duplicates + 0 without a hash + 0 rejected.\n',
    ]);
  });

  it('of a shell needs a name for its set', async () => {
    const written = join(root, 'nothing');
    const { code, err } = await assay(['--data', written, 'known-sets', 'import', pipe]);
    expect([code, err]).toEqual([2, 'assay: A set from a pipe needs a name: add --name NAME.\n']);
  });
});
