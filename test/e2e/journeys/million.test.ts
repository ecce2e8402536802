import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeItems, writeList } from '#test/bench/data.ts';
import { seed } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

const ROWS = 1_000_000;
const CACHED = 5_000;
/** Rows of the list that name no cached item all differ; the others repeat. */
const HIT_PERCENT = 2;
/**
 * The goal of a jump is 100 ms, of sorting and filtering 500 ms. Here the machine is shared with the test itself and with
 * others: what was measured is told, and only a gross miss fails.
 */
const GROSS_JUMP_MS = 1_500;
const GROSS_MS = 5_000;

describe.skipIf(browser === null)('a million rows', () => {
  let app: App;
  let triage: TriagePage;
  let list: string;

  beforeAll(async () => {
    const folder = temporaryFolder();
    const items = join(folder, 'items.jsonl');
    list = join(folder, 'million.txt');
    writeItems(items, CACHED);
    writeList(list, ROWS, CACHED, HIT_PERCENT);
    app = await openRealApp({ folder, prepare: (engine) => seed(engine, items) });
    triage = triagePage(app.page);
  });
  afterAll(() => app.close());

  it('are read, counted and shown', async () => {
    await dropFiles(app, [list]);
    await triage.grid.waitFor({ timeout: 90_000 });
    await expect.poll(() => triage.total(), { timeout: 60_000 }).toBeGreaterThan(900_000);
    await expect.poll(() => app.page.getByRole('main').innerText()).toContain('1,000,000 records');
    await triage.filled();
  });

  it('every jump has its rows at once', async () => {
    await triage.grid.focus();
    const total = await triage.total();
    const times: number[] = [];
    for (const part of [0.1, 0.93, 0.37, 0.5, 0.004, 0.71, 0.99, 0.25]) {
      times.push(await quickestJumpNear(part));
    }
    console.log(`jumps: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    expect(times.filter((ms) => ms > GROSS_JUMP_MS)).toEqual([]);
    await expect.poll(() => triage.total()).toBe(total);
  });

  it('the last row is reached by one key and by scrolling', async () => {
    const total = await triage.total();
    await triage.grid.focus();
    for (const reach of [
      () => app.page.keyboard.press('End'),
      () =>
        triage.grid.evaluate((grid) => {
          grid.scrollTop = grid.scrollHeight;
        }),
    ]) {
      await reach();
      const last = app.page.locator(`[role=grid] [role=row][aria-rowindex="${total + 1}"]`);
      await last.waitFor();
      await triage.filled();
      await expect.poll(() => last.innerText()).toMatch(/[0-9a-f]{8}/);
      await app.page.keyboard.press('Home');
      await app.page.locator('[role=grid] [role=row][aria-rowindex="2"]').waitFor();
    }
  });

  it('neighbouring rows stay neighbours far down the list', async () => {
    await app.page.keyboard.press('End');
    const places = async (): Promise<readonly number[]> =>
      app.page.$$eval('[role=grid] [data-row]', (rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))));
    const total = await triage.total();
    await expect.poll(async () => (await places()).at(-1)).toBe(total + 1);
    const shown = await places();
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
    for (let step = 0; step < 3; step += 1) {
      await app.page.keyboard.press('k');
    }
    const current = await triage.grid.getAttribute('aria-activedescendant');
    await expect
      .poll(() => app.page.locator(`[id="${current}"]`).getAttribute('aria-rowindex'))
      .toBe(String(total + 1 - 3));
  });

  it('draws what is seen only, at 200 % zoom too', async () => {
    for (const size of [
      { width: 640, height: 400 },
      { width: 1280, height: 800 },
    ]) {
      await app.page.setViewportSize(size);
      await expect.poll(() => triage.grid.locator('[data-row]').count()).toBeLessThan(60);
      await triage.filled();
    }
  });

  it('sorts by hash, the lowest first', async () => {
    await triage.grid.getByRole('columnheader').getByRole('button', { name: 'Hash', exact: true }).click();
    const first = triage.grid.locator('[aria-rowindex="2"] [title]').first();
    await expect.poll(() => first.getAttribute('title')).toMatch(/^0000[0-9a-f]{60}$/);
  });

  it('sorts and filters within half a second', async () => {
    const took: Record<string, number> = {};
    for (const header of ['Basis', 'Age', 'Line', 'Hash', 'Verdict']) {
      const named = app.page.getByRole('button', { name: header, exact: true });
      const cell = triage.grid.getByRole('columnheader').filter({ has: named });
      const button = cell.getByRole('button', { name: header, exact: true });
      took[header] = await quickest(async () => {
        const before = await cell.getAttribute('aria-sort');
        await button.click();
        await expect.poll(() => cell.getAttribute('aria-sort'), { interval: 5 }).not.toBe(before);
        await triage.filled();
      });
    }
    const all = await triage.total();
    took['malicious'] = await quickest(async () => {
      // Each try turns the filter on or off.
      const isOn = (await triage.total()) < all;
      await triage.count('malicious').click();
      const isFiltered = async (): Promise<boolean> => (await triage.total()) < CACHED;
      await expect.poll(isFiltered, { interval: 5 }).toBe(!isOn);
      await triage.filled();
    });
    expect(Object.entries(took).filter(([, ms]) => ms > GROSS_MS)).toEqual([]);
  });

  /** Milliseconds of the first of five jumps that is fast enough, else of the best. Each goes to rows that were not in sight before. */
  async function quickestJumpNear(part: number): Promise<number> {
    let best = Infinity;
    for (let tries = 0; tries < 5 && best > GROSS_JUMP_MS; tries += 1) {
      best = Math.min(best, await millisecondsToFill(part - tries * 0.002));
    }
    return best;
  }

  /** Scrolls to a part of the list and waits until every row that is drawn there is filled. */
  function millisecondsToFill(part: number): Promise<number> {
    return triage.grid.evaluate(
      (grid, to) =>
        new Promise<number>((resolve) => {
          const before = grid.querySelector('[data-row]')?.getAttribute('data-row');
          grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * to;
          const jumped = performance.now();
          const look = (): void => {
            const rows = [...grid.querySelectorAll('[data-row]')];
            const moved = rows[0]?.getAttribute('data-row') !== before;
            if (moved && rows.every((row) => row.getAttribute('data-filled') === 'true')) {
              resolve(performance.now() - jumped);
            } else {
              requestAnimationFrame(look);
            }
          };
          requestAnimationFrame(look);
        }),
      part,
    );
  }

  /** Milliseconds of the first try that is fast enough, else of the best of five: what else runs is not the product's. */
  async function quickest(act: () => Promise<void>): Promise<number> {
    let best = Infinity;
    for (let tries = 0; tries < 5 && best > GROSS_MS; tries += 1) {
      const started = performance.now();
      await act();
      best = Math.min(best, performance.now() - started);
    }
    return best;
  }
});
