import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '#main/services/engine-port.ts';
import { SIMULATED } from '#main/simulators/start.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { digestOf } from '#test/bench/data.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage } from './triage-page.ts';

/** Long enough to see that a question is on its way. */
const LATENCY_MS = 400;

/** Sources that are switched on, as they are shown. */
const ASKED = ['WildFire', 'VirusTotal'];

/** The look-up view as people name its parts. */
function lookupPage(page: Page) {
  const main = page.getByRole('main');
  return {
    field: main.getByRole('textbox', { name: /Hashes, or any text/ }),
    result: (hash: string): Locator => main.getByRole('region', { name: `What is known about ${hash}` }),
    row: (name: string): Locator => main.getByRole('row', { name: new RegExp(`^${name}`) }),
    /** The cells of a row of the table of sources, under the sources that are switched on. */
    cells: async (name: string): Promise<string[]> => {
      const heads = await main.getByRole('columnheader').allTextContents();
      const texts = await main
        .getByRole('row', { name: new RegExp(`^${name}`) })
        .getByRole('cell')
        .allTextContents();
      // The first head is that of the names of rows.
      return ASKED.map((label) => texts[heads.findIndex((head) => head.includes(label)) - 1]?.trim() ?? '');
    },
  };
}

describe.skipIf(browser === null)('looking hashes up', () => {
  const fileOf = (n: number): string => digestOf('simulated', n);
  const pages: string[] = [];
  let app: App;
  let known: Case;
  let simulators: { readonly wildfire: Simulator; readonly virustotal: Simulator };

  beforeAll(async () => {
    const folder = temporaryFolder();
    known = writeCase(folder);
    simulators = { wildfire: await simulate('wildfire'), virustotal: await simulate('virustotal') };
    for (const simulator of Object.values(simulators)) {
      simulator.know({ sha256: fileOf(1), md5: digestOf('md5', 1).slice(0, 32), status: 'malicious' });
      simulator.know({ sha256: fileOf(2), status: 'unknown' });
    }
    app = await openRealApp({
      folder,
      parts: {
        secrets: memorySecrets({
          wildfire: SIMULATED.wildfire.key,
          virustotal: SIMULATED.virustotal.key,
        }),
        openPage: (url) => void pages.push(url),
        simulated: true,
      },
      prepare: async (engine) => {
        await seed(engine, known.items);
        await switchOn(engine);
      },
    });
    await dropFiles(app, [known.list]);
    await triagePage(app.page).grid.waitFor();
  });
  afterAll(async () => {
    await app.close();
    await Promise.all(Object.values(simulators).map((simulator) => simulator.close()));
  });

  function simulate(source: keyof typeof SIMULATED): Promise<Simulator> {
    return SIMULATED[source].create({
      port: 0,
      key: SIMULATED[source].key,
      limits: { perMinute: 1_000, perDay: 10_000, perMonth: null },
      latencyMs: { least: LATENCY_MS, most: LATENCY_MS },
      faultShare: 0,
      seed: 1,
      now: () => Date.now(),
      minuteMs: 60_000,
      tls: null,
    });
  }

  async function switchOn(engine: Engine): Promise<void> {
    for (const source of ['wildfire', 'virustotal'] as const) {
      await engine.sources.set(source, { url: simulators[source].url, enabled: true, licenceAccepted: true });
    }
  }

  it('answers from this machine, for a hash typed into the field at the top', async () => {
    const { page } = app;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(known.hashOf.malicious);
    await page.keyboard.press('Enter');
    const view = lookupPage(page);
    await view.result(known.hashOf.malicious).waitFor();
    expect((await view.cells('Status'))[0]).toBe('malicious');
  });

  it('asks what is due for the price on the button; shows it on its way and then the answers', async () => {
    const { page } = app;
    const view = lookupPage(page);
    await view.field.fill(fileOf(1));
    await view.field.press('Enter');
    await view.result(fileOf(1)).waitFor();
    await expect.poll(() => view.cells('Status')).toEqual(['never asked', 'never asked']);
    await page.getByRole('button', { name: 'Ask due sources, 2 calls' }).click();
    await view.row('Ask again').getByText('on its way').first().waitFor();
    // The button that was pressed is gone: its keys go on with the answer.
    const hasKeys = (element: Element): boolean => element === document.activeElement;
    await expect.poll(() => view.result(fileOf(1)).evaluate(hasKeys)).toBe(true);
    await expect.poll(() => view.cells('Status')).toEqual(['malicious', 'malicious']);
    await expect.poll(() => view.cells('Threshold met')).toEqual(['malware = malicious', 'at least 5 engines']);
    await page.getByText('Raw answer, VirusTotal').click();
    await expect
      .poll(() => page.getByRole('region', { name: 'Raw answer of VirusTotal' }).textContent())
      .toContain('"malicious"');
    await expect
      .poll(() => page.getByRole('region', { name: 'Same file' }).textContent())
      .toContain('said by a source');
    const asked = [...simulators.wildfire.log, ...simulators.virustotal.log].flatMap(({ hashes }) => hashes);
    expect(asked).toEqual([fileOf(1), fileOf(1)]);
    expect(pages).toEqual([]);
  });

  it('asks one source again although its answer is fresh, and finds no page for simulated answers', async () => {
    const { page } = app;
    const view = lookupPage(page);
    const before = simulators.virustotal.log.length;
    await view
      .row('Ask again')
      .getByRole('button', { name: /^Ask VirusTotal again/ })
      .click();
    await expect.poll(() => simulators.virustotal.log.length).toBe(before + 1);
    expect(simulators.wildfire.log).toHaveLength(1);
    await expect.poll(() => view.cells("Source's page")).toEqual(['–', '–']);
  });

  it('works by keys alone: typed, asked about, put on the hash list, taken back', async () => {
    const { page } = app;
    const view = lookupPage(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await view.result(fileOf(1)).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(fileOf(2));
    await page.keyboard.press('Enter');
    const result = view.result(fileOf(2));
    await expect.poll(() => result.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('g');
    await result.getByText('The hash list says non-malicious').first().waitFor();
    const listed = 'It is on the hash list. Listed hashes never leave this machine.';
    await expect.poll(() => view.cells('Ask again')).toEqual([listed, listed]);
    await page.keyboard.press('Control+z');
    await result.getByRole('button', { name: /Ask due sources/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => view.cells('Status')).toEqual(['unknowndoes not know it', 'unknowndoes not know it']);
  });

  it('tells sources that are offline from ones that do not know', async () => {
    const { page } = app;
    const view = lookupPage(page);
    await page.getByRole('button', { name: 'Online' }).click();
    await view.field.fill(digestOf('nobody', 1));
    await view.field.press('Enter');
    const sentence = 'Assay is offline: nothing leaves this machine. Go online to ask.';
    await expect.poll(() => view.cells('Ask again')).toEqual([sentence, sentence]);
    await expect.poll(() => view.cells('Status')).toEqual(['never asked', 'never asked']);
    await page.getByRole('button', { name: 'Offline' }).click();
    await page.getByRole('button', { name: 'Ask due sources, 2 calls' }).waitFor();
  });

  it('asks from the detail of a row of a list', async () => {
    const { page } = app;
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Triage' }).click();
    await triagePage(page).filled();
    const detail = page.getByRole('complementary', { name: 'Detail of the row' });
    const before = simulators.virustotal.log.length;
    await detail
      .getByRole('button', { name: /^Ask VirusTotal/ })
      .first()
      .click();
    await expect.poll(() => simulators.virustotal.log.length).toBe(before + 1);
    await expect.poll(() => detail.getByText('2 answers', { exact: true }).count()).toBe(1);
  });

  describe.each([
    ['light', 1280, 800],
    ['dark', 640, 400],
  ] as const)('%s at %i x %i', (theme, width, height) => {
    beforeAll(async () => {
      await app.page.setViewportSize({ width, height });
      await app.page.emulateMedia({ colorScheme: theme });
      await app.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Look-up' }).click();
    });
    afterAll(() => app.page.setViewportSize({ width: 1280, height: 800 }));

    it('names every source and what it says whole', async () => {
      const { field, result } = lookupPage(app.page);
      await field.fill(`${fileOf(1)} ${known.hashOf.malicious}`);
      await field.press('Enter');
      await result(fileOf(1)).waitFor();
      const cells = app.page.locator('.matrix thead th[scope=col], .matrix .verdictrow td');
      const cut = await cells.evaluateAll((all) =>
        all.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
      );
      expect([await cells.count(), cut]).toEqual([10, []]);
    });

    it.each(['a known hash', 'several hashes', 'no hash'] as const)('%s is accessible', async (what) => {
      const { malicious } = known.hashOf;
      const texts = {
        'a known hash': malicious,
        'several hashes': `${malicious} ${fileOf(1)} ${fileOf(2)}`,
        'no hash': '12345678901234567890',
      };
      const { field } = lookupPage(app.page);
      await field.fill(texts[what]);
      await field.press('Enter');
      await app.page.locator('.lookupresult, [role=status].middle').first().waitFor();
      const { violations } = await new AxeBuilder({ page: app.page })
        // The other mode opens a page of its own, which this window does not allow.
        .setLegacyMode(true)
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`),
      ).toEqual([]);
    });
  });
});
