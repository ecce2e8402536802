import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '#main/services/engine-port.ts';
import { digestOf } from '#test/bench/data.ts';
import { violationsOf } from '../axe.ts';
import { browser, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';

const TURNED = digestOf('file', 1);
const CLEARED = digestOf('file', 2);

/** What a source says from this day of November on. */
async function says(engine: Engine, source: string, hash: string, status: string, day: number): Promise<void> {
  async function* chunks(): AsyncIterable<Uint8Array> {
    const scannedAt = `2026-11-${String(day).padStart(2, '0')}T08:00:00Z`;
    yield Buffer.from(`${JSON.stringify({ sha256: hash, source, status, scannedAt })}\n`);
  }
  const { rejected } = await engine.cache.importItems(chunks(), () => undefined, AbortSignal.timeout(10_000));
  expect(rejected).toBe(0);
}

async function keep(engine: Engine, title: string, hashes: readonly string[]): Promise<void> {
  const inputs = [{ kind: 'text' as const, name: title, text: hashes.join('\n') }];
  const request = { title, door: 'paste' as const, inputs, reading: { as: 'list' as const } };
  const running = await engine.intakes.start(request, () => undefined, AbortSignal.timeout(10_000));
  await running.finished;
}

describe.skipIf(browser === null)('what changed since', () => {
  let app: App;
  beforeAll(async () => {
    app = await openRealApp({
      prepare: async (engine) => {
        await says(engine, 'wildfire', TURNED, 'non-malicious', 1);
        await says(engine, 'virustotal', TURNED, 'non-malicious', 1);
        await says(engine, 'wildfire', CLEARED, 'malicious', 1);
        await keep(engine, 'host 12', [TURNED, CLEARED]);
        await says(engine, 'wildfire', TURNED, 'malicious', 9);
        await says(engine, 'wildfire', CLEARED, 'non-malicious', 9);
      },
    });
  });
  afterAll(() => app.close());

  const grid = (name: string) => app.page.getByRole('grid', { name });
  const part = (name: RegExp) => app.page.getByRole('button', { name });

  it('the status bar tells flips nobody looked at, and shows them', async () => {
    const { page } = app;
    await page.getByRole('button', { name: '1 turned malicious · 1 no longer malicious' }).click();
    await grid('What changed').getByText('turned malicious').waitFor();
    await expect.poll(() => grid('What changed').getAttribute('aria-rowcount')).toBe('3');
    // Shown is looked at, in every window.
    await expect.poll(() => page.getByRole('button', { name: /turned malicious ·/ }).count()).toBe(0);
    expect(await app.engine.history.unseen()).toMatchObject({ raised: 0, cleared: 0, lookedAt: expect.any(Number) });
  });

  it('a change leads to the lists it touches and to the history of its hash, by keys', async () => {
    const { page } = app;
    await grid('What changed').press('ArrowDown');
    await grid('What changed').press('Enter');
    const pane = page.getByRole('complementary', { name: 'Detail of the change' });
    await pane.getByRole('button', { name: 'host 12' }).waitFor();
    await pane.getByText('non-malicious to malicious').waitFor();
    await pane.getByRole('button', { name: 'Look up' }).press('Enter');
    const history = page.getByRole('region', { name: 'History' });
    const words = await history.getByRole('img', { name: /^WildFire/ }).getAttribute('aria-label');
    expect(words).toMatch(/^WildFire: non-malicious from .*, malicious since /);
    await history.getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => history.getByRole('row').nth(1).textContent()).toContain('non-malicious to malicious');
  });

  it('a disagreement is decided once: effect first, then the reason, then the way back', async () => {
    const { page } = app;
    await page.keyboard.press('Escape');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Changes' }).click();
    await part(/^Disagreements 1$/).click();
    await grid('Disagreements').getByText('VirusTotal').waitFor();
    await grid('Disagreements').press('g');
    const dialog = page.getByRole('dialog', { name: '1 file as known good' });
    await dialog.getByText('1 row in 1 kept list would be judged by it, 1 with another status.').waitFor();
    await expect.poll(() => dialog.getByRole('row').nth(1).textContent()).toBe('host 1211 malicious1 non-malicious');
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('textbox').fill('built in house');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No disagreement waits for a decision' }).waitFor();
    const counts = async () => (await app.engine.intakes.get(1)).intake.counts;
    await expect.poll(() => counts()).toMatchObject({ malicious: 0, 'non-malicious': 2 });
    await page.keyboard.press('Control+z');
    await part(/^Disagreements 1$/).waitFor();
    await expect.poll(() => counts()).toMatchObject({ malicious: 1, 'non-malicious': 1 });
  });

  describe.each([
    ['light', 1280, 800],
    ['dark', 640, 400],
  ] as const)('%s at %i x %i', (theme, width, height) => {
    beforeAll(async () => {
      await app.page.setViewportSize({ width, height });
      await app.page.emulateMedia({ colorScheme: theme });
    });
    afterAll(() => app.page.setViewportSize({ width: 1280, height: 800 }));

    it.each([/^What changed$/, /^Disagreements/])('%s is accessible', async (name) => {
      await part(name).click();
      await app.page.getByRole('grid').waitFor();
      expect(await violationsOf(app.page)).toEqual([]);
    });
  });
});
