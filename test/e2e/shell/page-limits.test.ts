import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tryLockExclusive } from '#main/db/process-lock.ts';
import { openWindowDoor } from '#main/shells/page/window-door.ts';
import { engineDouble, type EngineDouble } from '#test/unit/electron/engine-double.ts';
import { browser, openApp, temporaryFolder, type App } from '../launch.ts';
import { blankPage } from './blank-page.ts';

const CANARY = 'canary-secret-5f1c';

describe.skipIf(browser === null)('limits of a page in Chromium', () => {
  let app: App;
  let double: EngineDouble;
  let folder: string;
  let server: Server;
  let port = 0;
  let served = 0;

  beforeAll(async () => {
    process.env['ASSAY_CANARY_TOKEN'] = CANARY;
    server = createServer((_request, response) => {
      served += 1;
      response.setHeader('access-control-allow-origin', '*').end('reached');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    ({ port } = server.address() as AddressInfo);
    folder = temporaryFolder();
    double = engineDouble();
    app = await openApp({
      folder,
      pageRoot: blankPage(folder),
      createEngine: () => Promise.resolve(double.engine),
      expected: /./,
    });
    await app.page.waitForFunction(() => document.title === 'Ready');
  });
  afterAll(async () => {
    delete process.env['ASSAY_CANARY_TOKEN'];
    server.close();
    await app.close();
  });

  const reach = (url: string): Promise<string> =>
    app.page.evaluate(
      (target) =>
        fetch(target).then(
          (reply) => `reached ${reply.status}`,
          () => 'blocked',
        ),
      url,
    );

  it('reaches nothing outside, by name or by number', async () => {
    const targets = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      'https://example.invalid/',
      'file:///etc/passwd',
      'https://assay.localhost:444/',
    ];
    expect(await Promise.all(targets.map(reach))).toEqual(targets.map(() => 'blocked'));
  });

  it('reaches nothing even where no policy holds it back', async () => {
    // The policy is one wall; the route behind it must hold alone.
    await app.session.send('Page.setBypassCSP', { enabled: true });
    await app.page.reload();
    expect(await reach(`http://127.0.0.1:${port}/`)).toBe('blocked');
    const socket = await app.page.evaluate(
      (target) =>
        new Promise((resolve) => {
          const opened = new WebSocket(target);
          opened.addEventListener('open', () => resolve('open'));
          opened.addEventListener('error', () => resolve('blocked'));
        }),
      `ws://localhost:${port}/`,
    );
    expect([socket, served]).toEqual(['blocked', 0]);
    await app.session.send('Page.setBypassCSP', { enabled: false });
    await app.page.reload();
    expect(JSON.stringify(app.reports)).toContain(`http://127.0.0.1:${port}`);
  });

  it('runs no text as code and no script of another place', async () => {
    const outcome = await app.page.evaluate(async (from) => {
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.ranInline = true';
      const other = document.createElement('script');
      other.src = from;
      document.body.append(inline, other);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'globalThis.ranInline = true');
      document.body.append(button);
      button.click();
      await new Promise((resolve) => {
        other.addEventListener('error', resolve);
      });
      return 'ranInline' in globalThis;
    }, `http://127.0.0.1:${port}/x.js`);
    expect([outcome, served]).toEqual([false, 0]);
  });

  it('cannot be led elsewhere, opens no second window and registers no worker', async () => {
    await app.page.evaluate((target) => {
      location.href = target;
    }, `http://127.0.0.1:${port}/`);
    const opened = await app.page.evaluate((target) => open(target) === null, `http://127.0.0.1:${port}/`);
    const worker = await app.page.evaluate(() =>
      navigator.serviceWorker.register('/main.js').then(
        (registration) => (registration as ServiceWorkerRegistration | undefined)?.active?.scriptURL ?? 'none',
        () => 'none',
      ),
    );
    await expect.poll(() => app.page.context().pages().length).toBe(1);
    expect([new URL(app.page.url()).origin, worker, served]).toEqual(['https://assay.localhost', 'none', 0]);
    expect(opened).toBeTypeOf('boolean');
  });

  it('stays where it is when a file is opened in its window', async () => {
    await app.page.evaluate(() => {
      document.title = 'Untouched';
    });
    const file = join(folder, 'page', 'index.html');
    await app.session.send('Page.navigate', { url: `file://${file}` }).catch(() => undefined);
    expect([app.page.url(), await app.page.title()]).toEqual(['https://assay.localhost/', 'Untouched']);
  });

  it('may write text to the clipboard and nothing else', async () => {
    const states = await app.page.evaluate(() =>
      Promise.all(
        ['clipboard-write', 'clipboard-read', 'geolocation', 'notifications', 'camera', 'microphone'].map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => `${name} ${state}`),
        ),
      ),
    );
    expect(states).toEqual([
      'clipboard-write granted',
      'clipboard-read denied',
      'geolocation denied',
      'notifications denied',
      'camera denied',
      'microphone denied',
    ]);
  });

  it.skipIf(process.platform !== 'linux')('its processes know no secret and open no port', async () => {
    const root = await app.page.context().browser()?.newBrowserCDPSession();
    const { processInfo } = (await root?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
    expect(processInfo.length).toBeGreaterThan(0);
    for (const { id, type } of processInfo) {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      expect(command, type).not.toMatch(/canary|remote-debugging-port|--enable-automation|disable-web-security/);
      expect(readFileSync(`/proc/${id}/environ`, 'utf8'), type).not.toContain(CANARY);
    }
    const commands = processInfo.map(({ id }) => readFileSync(`/proc/${id}/cmdline`, 'utf8')).join(' ');
    expect(commands).toContain('--remote-debugging-pipe');
    expect(commands).toContain(join(folder, 'data', 'chromium-profile'));
  });

  it('a second start brings this window forward and hands over its files', async () => {
    const before = double.registered.length;
    const outcome = await openWindowDoor({
      directory: join(folder, 'data'),
      tryLock: tryLockExclusive,
      files: ['/later/list.txt'],
      onMessage: () => undefined,
    });
    expect(outcome.kind).toBe('told');
    await expect.poll(() => double.registered.slice(before)).toEqual([['/later/list.txt']]);
  });
});
