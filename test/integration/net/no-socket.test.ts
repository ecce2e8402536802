import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const hasStrace = process.platform === 'linux' && spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;
const child = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** What the kernel was asked for: sockets of the internet's families, and whom they were led to. */
async function traced(script: string, ...args: readonly string[]): Promise<{ out: string; calls: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-strace-'));
  const file = join(folder, 'calls');
  try {
    const { stdout } = await promisify(execFile)(
      'strace',
      ['-f', '-e', 'trace=socket,connect,sendto,sendmsg,sendmmsg', '-o', file, process.execPath, script, ...args],
      { timeout: 300_000 },
    );
    const calls = readFileSync(file, 'utf8').split('\n');
    return { out: stdout, calls: calls.filter((line) => /AF_INET|connect\(|send(to|msg|mmsg)\(/.test(line)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it.skipIf(!hasStrace)('offline and refused addresses open no socket and resolve no name (needs strace)', async () => {
  const { out, calls } = await traced(child('refused-child.ts'));
  expect(out.trim().split('\n')).toEqual([
    'offline not sent',
    'offline not sent',
    'refused-address not sent',
    'refused-address not sent',
    'refused-address not sent',
  ]);
  expect(calls).toEqual([]);
});

it.skipIf(!hasStrace)('a socket would be seen (needs strace)', async () => {
  const { out, calls } = await traced(child('trust-child.ts'), 'http://127.0.0.1:9/');
  expect(out.trim()).toBe('connect');
  expect(calls.some((line) => line.includes('AF_INET'))).toBe(true);
});
