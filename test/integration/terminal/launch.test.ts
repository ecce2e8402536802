import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { cleanEnvironment, ended, type Ended } from './assay.ts';

const root = programFolder();
const launchFolder = join(root, 'src-main', 'shells', 'launch');
const closers: (() => Promise<void>)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-launch-'));
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await rm(folder, { recursive: true, force: true });
});

/** A mirror of Electron's downloads. */
async function mirror(listener: RequestListener): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

function node(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd: root, env: cleanEnvironment(env) });
  child.stdin.end();
  return ended(child);
}

describe('fetching the runtime of Electron', () => {
  const fetchFrom = (url: string) =>
    node([join(launchFolder, 'fetch-electron.ts'), root], { ELECTRON_MIRROR: url, electron_config_cache: folder });

  it('ends with the reason when the server refuses', async () => {
    const { url, asked } = await mirror((_, response) => response.writeHead(403).end());
    const { code, out } = await fetchFrom(url);
    expect({ code, out }).toEqual({ code: 1, out: 'the server answers 403\n' });
    expect(asked[0]).toMatch(/^\/v\d+\.\d+\.\d+\/electron-v\d+\.\d+\.\d+-\w+-\w+\.zip$/);
  });

  it('does not keep an archive that is not the one the package names', async () => {
    const { url } = await mirror((_, response) => response.end('not the runtime'));
    const { code, out } = await fetchFrom(url);
    expect(code).toBe(1);
    expect(out).toMatch(/checksum|sha256/i);
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => name.endsWith('.zip'))).toEqual([]);
  });
});

describe('npm start', () => {
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    node([join(launchFolder, 'start.mjs'), ...args], { ASSAY_DATA: join(folder, 'data'), ...env });

  it('answers the sample lists in the terminal where there is no window', async () => {
    const { code, out, err } = await start([], { CI: 'true' });
    expect(err.split('\n')[0]).toBe('assay: terminal shell: this is a CI run.');
    expect(code).toBe(0);
    expect(out).toMatch(/^Sample lists\n/);
    expect(out).toMatch(/[\d,]+ records = [\d,]+ hashes \+/);
  });

  it('answers the given files, and passes on the exit code', async () => {
    const good = await start([join(root, 'resources', 'samples', 'autoruns-host12.csv')], { ASSAY_SHELL: 'terminal' });
    expect(good.code).toBe(0);
    expect(good.err).toContain('assay: terminal shell: ASSAY_SHELL asks for it.\n');
    const none = await start([join(folder, 'none.txt')], { CI: 'true' });
    expect(none.code).toBe(1);
  });

  it('refuses a shell it does not have', async () => {
    expect(await start([], { ASSAY_SHELL: 'gtk' })).toMatchObject({ code: 2, out: '' });
  });
});
