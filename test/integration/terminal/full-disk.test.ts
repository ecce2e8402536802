import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import { assay, bin, cleanEnvironment } from './assay.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-full-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const HASH = '44d88612fea8a8f36de82e1278abb02f';

it.skipIf(process.platform === 'win32')(
  'says so when no more can be written, keeps what was and goes on',
  async () => {
    const data = join(root, 'data');
    const items = join(root, 'items.jsonl');
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      JSON.stringify({
        sha256: createHash('sha256').update(`${index}`).digest('hex'),
        source: 'wildfire',
        status: 'malicious',
      }),
    );
    writeFileSync(items, lines.join('\n'));
    expect((await assay(['--data', data, 'hash-list', 'add', HASH, '--malicious'])).code).toBe(0);

    // No file may grow beyond 1 MiB: the limit the system lets a test set without a disk of its own.
    const script = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`;
    const args = ['-c', script, process.execPath, bin, '--data', data, 'cache', 'import', items];
    const failed = await promisify(execFile)('sh', args, { env: cleanEnvironment() }).then(
      () => null,
      (error: { readonly code: number; readonly stderr: string }) => error,
    );
    expect(failed?.code).toBe(1);
    expect(failed?.stderr).toMatch(/assay\.db could not be read or written .* Check free space and permissions/);
    expect(failed?.stderr).not.toContain('unexpected');

    expect((await assay(['--data', data, 'hash-list', 'list', '--format', 'csv'])).out).toContain(HASH);
    const again = await assay(['--data', data, 'cache', 'import', items]);
    expect([again.code, again.err]).toEqual([0, expect.stringContaining('0 rejected')]);
    expect((await assay(['--data', data, 'cache', 'verify'])).code).toBe(0);
  },
  60_000,
);

it.skipIf(!existsSync('/dev/full'))('says so when its output has no room, whatever it writes', async () => {
  for (const args of [['help'], ['--version'], ['formats']]) {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [bin, '--data', join(root, 'data'), ...args], {
      env: cleanEnvironment(),
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    const said: string[] = [];
    child.stderr?.on('data', (chunk) => said.push(String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    expect([args[0], code, said.join('')]).toEqual([
      args[0],
      1,
      'assay: The output could not be written whole (the disk is full). Free some space or write it elsewhere.\n',
    ]);
  }
});

it('takes its locks without writing', () => {
  const file = join(root, 'use.lock');
  const lock = tryLockExclusive(file);
  expect([lock === null, readdirSync(root), tryLockExclusive(file)]).toEqual([false, ['use.lock'], null]);
  lock?.release();
});
