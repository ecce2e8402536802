import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase, openWorkerDatabase } from '#main/db/client.ts';
import { type Ownership, seekOwnership, tryBecomeOwner, whoIsOwner } from '#main/jobs/owner-lock.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { writeItems } from './writer-child.ts';

const EACH = 3_000;
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function start(script: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--expose-gc', here(script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

describe('several processes on one directory', () => {
  test('a window and two terminals write at once and nothing is lost', async () => {
    const directory = temporaryDirectory();
    const window = await openWorkerDatabase(directory, new URL('../../../src-main/db/worker.ts', import.meta.url));
    onTestFinished(() => window.close());
    const seen: number[] = [];
    window.onChange((change) => seen.push(change.seq));
    const children = ['one', 'two'].map((name) => start('writer-child.ts', directory, name, String(EACH)));
    const outputs = children.map((child) => text(child.stdout as NodeJS.ReadableStream));
    const own = await writeItems(directory, 'three', EACH);
    const slowest = [own, ...(await Promise.all(outputs)).map(Number)];
    console.log(`3 x ${EACH} items, slowest batch ${slowest.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);

    const stats = await window.read('tableStats', undefined);
    expect(stats).toMatchObject({ files: 3 * EACH, items: [{ source: 1, status: 4, count: 3 * EACH }] });
    expect(stats.changesSeq).toBe(3 * EACH);
    expect(await window.read('verifyTables', undefined)).toEqual([]);
    await expect.poll(() => seen.at(-1)).toBe(3 * EACH);
  });

  test('there is one outbound owner, garbage collected or not, and another takes over when it is killed', async () => {
    const directory = temporaryDirectory();
    expect(whoIsOwner(directory)).toBeNull();
    const child = start('owner-child.ts', directory);
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(line.toString()).toBe('owner\n');
    expect(tryBecomeOwner(directory, { pid: 1, shell: 'electron', since: 0 })).toBeNull();
    expect(whoIsOwner(directory)).toEqual({ pid: child.pid, shell: 'terminal', since: 7 });

    let killedAt = 0;
    const takenOver = new Promise<Ownership>((resolve) => {
      const stop = seekOwnership(
        directory,
        () => ({ pid: process.pid, shell: 'electron', since: 8 }),
        resolve,
        () => undefined,
      );
      onTestFinished(stop);
    });
    child.kill('SIGKILL');
    killedAt = performance.now();
    await takenOver;
    expect(performance.now() - killedAt).toBeLessThan(60_000);
    expect(whoIsOwner(directory)).toEqual({ pid: process.pid, shell: 'electron', since: 8 });
  });

  test('who cannot write down that it is the owner is none, does not hold the place, and tries again', async () => {
    const directory = temporaryDirectory();
    const inTheWay = join(directory, `owner.json.${process.pid}`);
    mkdirSync(inTheWay);
    const faults: unknown[] = [];
    const describe = () => ({ pid: process.pid, shell: 'electron', since: 8 });
    expect(() => tryBecomeOwner(directory, describe())).toThrow(/EISDIR/);
    const became = new Promise<Ownership>((resolve) => {
      onTestFinished(seekOwnership(directory, describe, resolve, (fault) => faults.push(fault)));
    });
    expect([faults.length, whoIsOwner(directory)]).toEqual([1, null]);
    rmSync(inTheWay, { recursive: true });
    await became;
    expect(whoIsOwner(directory)).toEqual(describe());
  });

  test('an owner that lets go is no owner any more', () => {
    const directory = temporaryDirectory();
    const ownership = tryBecomeOwner(directory, { pid: process.pid, shell: 'electron', since: 8 });
    expect(ownership).not.toBeNull();
    ownership?.release();
    expect(whoIsOwner(directory)).toBeNull();
    const again = tryBecomeOwner(directory, { pid: process.pid, shell: 'electron', since: 9 });
    expect(again).not.toBeNull();
    again?.release();
  });

  test('a process that is killed while writing loses nothing that was committed', async () => {
    const directory = temporaryDirectory();
    const child = start('writer-child.ts', directory, 'killed', '1000000');
    const database = await openInlineDatabase(directory);
    onTestFinished(() => database.close());
    await expect.poll(() => database.read('lastSeq', undefined), { timeout: 60_000 }).toBeGreaterThan(500);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { files } = await database.read('tableStats', undefined);
    expect(files).toBe(await database.read('lastSeq', undefined));
    expect(await database.read('verifyTables', undefined)).toEqual([]);
    await database.write('setSettings', { change: { analyst: 'kim' }, at: 1 });
  });
});
