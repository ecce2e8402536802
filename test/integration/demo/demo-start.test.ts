import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SOURCES } from '#shared/domain/source.ts';
import { isStampedDirectory } from '#main/db/stamped.ts';
import { programFolder } from '#main/platform/resources.ts';
import { openDemo } from '#main/shells/launch/demo/open-demo.ts';
import { demoDirectoryOf, demoStarter } from '#main/shells/launch/demo/start-demo.ts';
import { assay, bin, cleanEnvironment } from '../terminal/assay.ts';

const root = programFolder();
const launcher = join(root, 'src-main', 'shells', 'launch', 'start.mjs');
const planted = { ASSAY_VIRUSTOTAL_KEY: 'planted-secret-key', OTHER_TOKEN: 'planted-secret-token' };
let folder = '';
let data = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-demo-'));
  data = join(folder, 'demo');
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('npm start -- --demo', () => {
  it('without a display has a list answered by simulated sources', async () => {
    const list = join(folder, 'list.txt');
    writeFileSync(list, Array.from({ length: 12 }, (_, n) => n.toString(16).repeat(64)).join('\n'));
    const env = { ASSAY_SHELL: 'terminal', ...planted };
    const { code, out, err } = await assay(['--demo', '--data', data, list], { script: launcher, env });
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('simulated sources') as string });
    // Which of them a verdict names is the one that answered it first.
    const sources = SOURCES.map(({ label }) => label).join('|');
    expect(out).toMatch(
      new RegExp(`(malicious|suspicious|non-malicious|pending) +[0-9a-f]{64} +(${sources}) \\+[1-4] `),
    );
    expect(err).toContain('the sources of this data directory are simulated; their answers are made up.');
    expect(`${out}${err}`).not.toContain('planted-secret');
    expect(isStampedDirectory(data)).toBe(true);
    expect(filesHolding(data, 'planted-secret')).toEqual([]);
  });

  it('says what it takes', async () => {
    const { code, err } = await assay(['--dmeo'], { script: launcher });
    expect({ code, err }).toEqual({
      code: 2,
      err: "assay: Unknown option '--dmeo'. npm start takes --demo, --data DIR and files.\n",
    });
  });
});

describe('a command on a directory of the demonstration', () => {
  it.skipIf(process.platform !== 'linux')('runs simulators that inherit no key and end with it', async () => {
    const demo = await openDemo(data, root);
    await demo.leave();
    const file = join(data, 'simulators.json');
    const before = statSync(file).ino;
    const child = spawn(process.execPath, [bin, '--data', data, 'run'], {
      env: cleanEnvironment(planted),
      stdio: 'ignore',
    });
    await vi.waitUntil(() => statSync(file).ino !== before, { timeout: 60_000 });
    const [simulator = 0] = childrenOf(child.pid ?? 0);
    expect(readFileSync(`/proc/${simulator}/cmdline`, 'utf8')).toContain('simulate');
    expect(readFileSync(`/proc/${simulator}/environ`, 'utf8')).not.toContain('planted-secret');
    child.kill('SIGKILL');
    await vi.waitUntil(() => !existsSync(`/proc/${simulator}`), { timeout: 60_000 });
  });
});

describe('the demonstration from a window', () => {
  it.skipIf(process.platform !== 'linux')('is the launcher on a directory of its own, without keys', async () => {
    const env = cleanEnvironment(planted);
    demoStarter({ root, directory: data, shell: 'terminal', env })?.();
    const directory = demoDirectoryOf(data);
    const log = join(directory, 'demo-start.log');
    await vi.waitUntil(() => existsSync(log) && readFileSync(log, 'utf8').includes('terminal shell'), {
      timeout: 60_000,
      interval: 50,
    });
    expect([isStampedDirectory(directory), existsSync(data)]).toEqual([true, false]);
    expect(readFileSync(log, 'utf8')).toContain(`demonstration with simulated sources; data in ${directory}`);
    const [launched] = processesOn(directory);
    expect(readFileSync(`/proc/${launched}/environ`, 'utf8')).not.toContain('planted-secret');
    process.kill(launched ?? 0, 'SIGTERM');
    await vi.waitUntil(() => processesOn(directory).length === 0, { timeout: 60_000, interval: 50 });
    expect(filesHolding(directory, 'planted-secret')).toEqual([]);
  });

  it('is not offered where there is no launcher', () => {
    expect(demoStarter({ root: folder, directory: data, shell: 'electron', env: {} })).toBeUndefined();
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

/** Launchers that run on a data directory. */
function processesOn(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const words = textOf(`/proc/${name}/cmdline`).split('\0');
      return words.includes('--demo') && words.includes(directory);
    })
    .map(Number);
}

function filesHolding(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    textOf(join(directory, name)).includes(text),
  );
}

/** Empty for a folder, and for a process that is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
