import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import { createEngine } from '#main/engine.ts';
import { viewKey } from '#renderer/app/views.ts';
import { sourceCode } from '#shared/domain/source.ts';
import { digestOf } from '#test/bench/data.ts';
import { writeUse } from '#test/bench/usage-data.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { browser, openApp, temporaryFolder, type App } from '../launch.ts';

const DAY = 86_400;
const now = Math.floor(Date.now() / 1000);

describe.skipIf(browser === null)('the reputation board', () => {
  let app: App;
  let downloads: string;
  /** Panels in the order they were asked for. */
  const asked: string[] = [];

  beforeAll(async () => {
    const folder = temporaryFolder();
    downloads = join(folder, 'downloads');
    mkdirSync(downloads);
    await writeUse(join(folder, 'data'), now, 40, 6 * 3600);
    app = await openApp({
      folder,
      createEngine: async (directory) => {
        const engine = await createEngine({
          directory,
          threads: 'workers',
          shell: 'chromium',
          secrets: memorySecrets(),
          saveTarget: folderSaveTarget(() => Promise.resolve(downloads)),
          showInFolder: () => undefined,
        });
        const panel = engine.handlers['usage.panel'];
        const handlers = {
          ...engine.handlers,
          'usage.panel': (query: Parameters<typeof panel>[0]) => {
            asked.push(query.panel);
            return panel(query);
          },
        };
        return { ...engine, handlers };
      },
    });
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
    await app.page.keyboard.press(viewKey('usage'));
  });
  afterAll(() => app.close());

  const panel = (name: string): Locator => app.page.getByRole('region', { name, exact: true });
  const figure = (name: string): Locator => panel(name).locator('.panelfigure b');
  const range = (name: string): Locator => app.page.getByRole('button', { name, exact: true });
  const press = (keys: string): Promise<void> => app.page.keyboard.press(keys);

  it('reads the panels in sight first, and the others as they come near', async () => {
    await figure('Outbound Items').filter({ hasText: /\d/ }).waitFor();
    expect(asked).toContain('database-size');
    expect(asked).not.toContain('sync-runs');
    await panel('Threat sync runs').scrollIntoViewIfNeeded();
    await figure('Threat sync runs').filter({ hasText: /\d/ }).waitFor();
    await panel('Outbound Items').scrollIntoViewIfNeeded();
  });

  it('counts what was recorded, in the range that is chosen', async () => {
    for (const [name, days] of [
      ['90 d', 90],
      ['30 d', 30],
    ] as const) {
      await range(name).click();
      const to = (Math.floor(now / DAY) + 1) * DAY;
      const data = await app.engine.usage.panel({
        panel: 'outbound-items',
        from: to - days * DAY,
        to,
        points: days,
        compare: false,
      });
      await expect.poll(() => figure('Outbound Items').innerText()).toBe((data.total ?? 0).toLocaleString('en-US'));
    }
  });

  it('follows what happens while it is open', async () => {
    const before = Number((await figure('Outbound Items').innerText()).replaceAll(',', ''));
    await app.engine.database.write('recordMetric', {
      kind: 'pairsSent',
      at: Math.floor(Date.now() / 1000),
      source: sourceCode('virustotal'),
      amount: 1234,
    });
    // Any change that is told asks for what is in sight again.
    await app.engine.handlers['hashList.add']({
      groups: [{ sha256: digestOf('malicious', 1) }],
      side: 'malicious',
      note: '',
      reason: '',
      expiresAt: null,
    });
    await expect.poll(() => figure('Outbound Items').innerText()).toBe((before + 1234).toLocaleString('en-US'));
  });

  it('narrows to what is brushed in a chart, and goes back', async () => {
    const chart = panel('Inbound Items').getByRole('group', { name: 'Inbound Items', exact: true });
    const box = await chart.boundingBox();
    if (box === null) {
      throw new Error('the chart is not there');
    }
    await app.page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
    await app.page.mouse.down();
    await app.page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 5 });
    await app.page.mouse.up();
    await app.page.getByRole('button', { name: 'Back to 30 d' }).waitFor();
    await expect.poll(() => range('Custom').getAttribute('aria-pressed')).toBe('true');
    await press('Alt+ArrowLeft');
    await expect.poll(() => range('30 d').getAttribute('aria-pressed')).toBe('true');
  });

  it('works by keyboard alone: panels, values, a range, order', async () => {
    // What was clicked last would take the keys.
    await app.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await press('j');
    await press('j');
    expect(await app.page.evaluate(() => document.activeElement?.getAttribute('data-row-link'))).toBe('outbound-queue');
    await press('Alt+ArrowUp');
    const titles = app.page.locator('main h3');
    await expect.poll(() => titles.first().innerText()).toBe('Outbound Processing Queue');
    await press('Alt+ArrowDown');
    await expect.poll(() => titles.first().innerText()).toBe('Outbound Items');

    const chart = panel('Outbound Items').getByRole('group', { name: 'Outbound Items', exact: true });
    await chart.focus();
    await press('Home');
    await press('ArrowRight');
    await press('Shift+ArrowRight');
    await press('Shift+ArrowRight');
    await press('Enter');
    await app.page.getByRole('button', { name: 'Back to 30 d' }).waitFor();
    await press('Alt+ArrowLeft');
  });

  it('writes the board and its panels to files', async () => {
    const ended = (words: RegExp): Promise<void> => app.page.getByText(words).first().waitFor();
    await range('CSV').click();
    await ended(/rows written to/);
    await app.page
      .getByRole('button', { name: 'Dismiss' })
      .or(app.page.getByRole('button', { name: 'Close' }))
      .first()
      .click();
    await range('HTML').click();
    await ended(/rows written to/);
    await app.page.getByRole('button', { name: 'Outbound Items: more' }).click();
    await app.page.getByRole('menuitem', { name: 'Picture (PNG)…' }).click();
    // By their ends: one that is being written lies there under another name.
    const ends = (): string[] => readdirSync(downloads).map((name) => extname(name));
    await expect.poll(() => ends().toSorted()).toEqual(['.csv', '.html', '.png']);
    const named = (end: string): Buffer =>
      readFileSync(join(downloads, readdirSync(downloads).find((name) => name.endsWith(end)) ?? ''));
    expect(named('.csv').toString('utf8').split(/\r?\n/)[0]).toBe('panel,start,end,part,value,unit');
    const html = named('.html').toString('utf8');
    expect(html).toContain('<svg');
    expect(html).toContain('<h3>Failure reasons</h3>');
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(named('.png').subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  });

  it('is remembered: a panel that was hidden stays so in another view and after it', async () => {
    await app.page.getByRole('button', { name: 'Verdict flips: more' }).click();
    await app.page.getByRole('menuitem', { name: 'Hide' }).click();
    const focused = (): Promise<string | null | undefined> =>
      app.page.evaluate(() => document.activeElement?.getAttribute('data-row-link'));
    await expect.poll(focused).toBe('coverage');
    await press(viewKey('triage'));
    await app.page.getByRole('region', { name: 'Usage of the last 24 hours' }).waitFor();
    await press(viewKey('usage'));
    await figure('Outbound Items').filter({ hasText: /\d/ }).waitFor();
    await expect.poll(() => panel('Verdict flips').count()).toBe(0);
    const { preferences } = await app.engine.handlers['app.bootstrap']({});
    expect(preferences.board).toMatchObject({ range: '30d', hidden: ['flips'] });
    await app.page.getByRole('button', { name: 'Show Verdict flips' }).click();
    await panel('Verdict flips').waitFor();
  });
});
