import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { programFolder } from '#main/platform/resources.ts';
import { bin } from '../../integration/terminal/assay.ts';
import { memorySecrets } from '../../integration/asking/memory-secrets.ts';
import { browser, temporaryFolder } from '../launch.ts';
import { canWatch, leaving, watched } from './watch.ts';

const HASH = '1f7696631ceaf78136c3dba4891688a2ff3f3945d8a41e4174572b97c186ed2d';
const KEY = '0123456789abcdef0123456789abcdef';
const env = { ASSAY_VIRUSTOTAL_KEY: KEY };
const windowChild = join(programFolder(), 'test', 'e2e', 'offline', 'window-child.ts');

/** A directory whose queue would be sent at once, were it not offline. */
async function withQueue(folder: string, url: string, offline: boolean): Promise<string> {
  const directory = join(folder, offline ? 'offline' : 'online');
  const secrets = memorySecrets({ virustotal: KEY });
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', secrets });
  await engine.sources.set('virustotal', { url, enabled: true, plan: 'paid' });
  expect(await engine.lookup.ask(HASH, ['virustotal'], false)).toEqual({ queued: 1, refused: [] });
  await engine.handlers['settings.set']({ offline });
  await engine.dispose();
  return directory;
}

describe.skipIf(!canWatch)('system calls of the whole program (needs strace)', () => {
  let folder: string;
  let offline: string;
  beforeAll(async () => {
    folder = temporaryFolder();
    offline = await withQueue(folder, 'https://www.virustotal.com/api/v3', true);
    writeFileSync(join(folder, 'list.txt'), `${HASH}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const log = (): string => join(folder, 'trace');

  it('the watch sees a connection when there is one', async () => {
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"error":{"code":"NotFoundError","message":"File not found"}}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const online = await withQueue(folder, `http://${host}/api/v3`, false);
    const run = await watched([bin, 'run', '--until-empty', '--data', online], { log: log(), env });
    server.close();
    expect([run.code, paths]).toEqual([0, [`/api/v3/files/${HASH}`]]);
    expect(run.contacts).toEqual([host]);
    expect(leaving(run.contacts)).toEqual([]);
  });

  it.each([
    ['run', ['run']],
    ['the test of a connection', ['sources', 'test', 'virustotal']],
    ['a look-up that asks', ['lookup', HASH, '--ask', '--yes']],
    ['a triage', ['triage', 'list.txt']],
  ])('%s reaches for nothing while offline', async (_, args) => {
    const named = args.map((arg) => (arg === 'list.txt' ? join(folder, arg) : arg));
    const stop = { said: 'Offline: nothing leaves this machine', afterMs: 1_000 };
    const run = await watched([bin, ...named, '--data', offline], { log: log(), env, stop });
    expect(run.code).not.toBeNull();
    expect(run.err.includes(stop.said)).toBe(args[0] === 'run');
    expect(run.contacts).toEqual([]);
  });

  it.skipIf(browser === null)('nor does the window, browser included', async () => {
    const run = await watched([windowChild, offline, join(folder, 'list.txt'), '2000'], { log: log(), env });
    expect([run.code, run.out, run.err]).toEqual([0, 'shown\n', '']);
    expect(run.contacts).toEqual([]);
  });
});
