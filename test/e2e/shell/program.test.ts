import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import { childEnvironment } from '#main/platform/child-environment.ts';
import { root } from '../browser.ts';
import { browser, temporaryFolder } from '../launch.ts';

/** A page that tells its server what the bridge answers and which files it is handed. */
const PAGE = `<!doctype html><title>Assay</title><script type="module">
  const tell = (what, value) => fetch('/told?' + new URLSearchParams({ what, value: JSON.stringify(value) }));
  assay.on('openFiles', (files) => tell('files', files.names));
  const { ok, value } = await assay.call('app.bootstrap', {});
  await tell('bootstrap', [ok, value.shell]);
</script>`;

const isLinux = process.platform === 'linux';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  err: string;
}

describe.skipIf(browser === null || !isLinux)('the program that opens the window in Chromium', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let told: string[];
  const runs: Run[] = [];

  beforeEach(async () => {
    folder = temporaryFolder();
    told = [];
    server = createServer((request, response) => {
      const asked = new URL(request.url ?? '/', 'http://server');
      if (asked.pathname === '/told') {
        told.push(`${asked.searchParams.get('what')} ${asked.searchParams.get('value')}`);
      }
      response.setHeader('content-type', 'text/html').end(asked.pathname === '/' ? PAGE : '');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    for (const { child, ended } of runs.splice(0)) {
      child.kill('SIGTERM');
      await ended;
    }
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A browser program of our own making: a script, so that the window's own options stay as they are. */
  function script(text: string): string {
    const path = join(folder, `browser-${Math.abs(text.length)}`);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  function headless(): string {
    const env = Object.entries(browser?.launch.env ?? {}).map(([name, value]) => `${name}='${value}'`);
    return script(
      `echo "$@" > '${folder}/arguments'\nexec env ${env.join(' ')} '${browser?.path}' --headless --no-sandbox "$@"`,
    );
  }
  function start(program: string, ...files: readonly string[]): Run {
    const child = spawn(
      process.execPath,
      [join(root, 'src-main', 'shells', 'chromium', 'main.ts'), '--data', join(folder, 'data'), ...files],
      {
        env: { ...childEnvironment(process.env), ASSAY_BROWSER: program, ASSAY_DEV_URL: url },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const run: Run = {
      child,
      err: '',
      ended: new Promise((resolve) => {
        child.on('close', resolve);
      }),
    };
    child.stderr.on('data', (part: Buffer) => {
      run.err += part.toString();
    });
    runs.push(run);
    return run;
  }

  it('opens one window, hands later files to it, and ends with it', async () => {
    const program = headless();
    const first = start(program);
    await vi.waitUntil(() => told.includes('bootstrap [true,"chromium"]'), { timeout: 60_000 });
    await vi.waitUntil(() => first.err.endsWith('\n'), { timeout: 60_000 });
    expect(first.err).toMatch(/^Assay is open in .*; data in .*\. Closing the window ends it\.\n$/);
    const given = readFileSync(join(folder, 'arguments'), 'utf8');
    expect(given).toContain(`--app=${url}`);
    expect(given).toContain('--remote-debugging-pipe');
    expect(given).not.toMatch(/no-sandbox|remote-debugging-port|enable-automation/);

    const second = start(program, 'later.txt');
    expect(await second.ended).toBe(0);
    expect(second.err).toMatch(/already open on .*; its window was brought to the front\.\n$/);
    await vi.waitUntil(() => told.includes('files ["later.txt"]'), { timeout: 60_000 });

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const lock = tryLockExclusive(join(folder, 'data', 'window.lock'));
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('says in one line why a browser does not open', async () => {
    const run = start(script('echo "DevTools remote debugging is disallowed by the system admin." >&2; exit 1'));
    expect(await run.ended).toBe(1);
    expect(run.err).toContain('A policy of this machine');
    expect(run.err.trim().split('\n')).toHaveLength(1);
  });
});
