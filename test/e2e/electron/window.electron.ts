import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from '#main/platform/child-environment.ts';
import type { AssayBridge } from '#shared/contract/index.ts';
import { root } from '../browser.ts';
import { temporaryFolder } from '../launch.ts';
import { electronProgram } from './runtime.ts';

const program = electronProgram();
declare const window: { readonly assay: AssayBridge } & typeof globalThis.window;

describe.skipIf(program === null)('the Electron window (its runtime is needed)', () => {
  let app: ElectronApplication;
  let page: Page;
  let folder: string;
  const faults: string[] = [];

  const launch = (...files: readonly string[]): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: program ?? '',
      args: [root, '--data', join(folder, 'data'), ...files],
      env: childEnvironment(process.env),
      timeout: 30_000,
    });

  beforeAll(async () => {
    folder = temporaryFolder();
    app = await launch();
    page = await app.firstWindow();
    page.on('console', (message) => {
      if (message.type() === 'error') {
        faults.push(message.text());
      }
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.waitForLoadState();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the built page under its own scheme, without Node', async () => {
    expect(
      await page.evaluate(() => [
        location.origin,
        typeof (globalThis as Record<string, unknown>)['require'],
        isSecureContext,
      ]),
    ).toEqual(['app://assay', 'undefined', true]);
  });

  it('answers the page through the bridge', async () => {
    const reply = await page.evaluate(() => window.assay.call('app.bootstrap', {}));
    expect(reply).toMatchObject({ ok: true, value: { shell: 'electron' } });
  });

  it('reaches nothing outside and opens no window', async () => {
    const before = faults.length;
    const outcome = await page.evaluate(async () => [
      await fetch('https://example.invalid/').then(
        () => 'reached',
        () => 'blocked',
      ),
      window.open('https://example.invalid/') === null,
    ]);
    expect([outcome, app.windows().length]).toEqual([['blocked', true], 1]);
    faults.splice(before);
  });

  it('a second start hands over its files and ends', async () => {
    const list = join(folder, 'later.txt');
    writeFileSync(list, `${'a'.repeat(64)}\n`);
    const opened = page.evaluate(
      () =>
        new Promise((resolve) => {
          window.assay.on('openFiles', resolve);
        }),
    );
    await launch(list).catch(() => undefined);
    expect(await opened).toMatchObject({ names: ['later.txt'] });
  });

  it('nothing went wrong in the page', () => {
    expect(faults).toEqual([]);
  });
});
