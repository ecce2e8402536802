import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { createVirusTotalSimulator } from '#main/simulators/virustotal/simulator.ts';
import { createWildFireSimulator } from '#main/simulators/wildfire/simulator.ts';
import { digestOf } from '#test/bench/data.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { seed, writeCase, type Case } from '../case-data.ts';
import { browser, dropFiles, temporaryFolder, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';
import { triagePage, type TriagePage } from './triage-page.ts';

const WILDFIRE_KEY = 'a-key-of-wildfire';
const MINUTE_MS = 60_000;
const NEWLY_MALICIOUS = 10;

/** From the first key to a scanned list, over the adapters and simulators of both sources. */
describe.skipIf(browser === null)('asking sources from the window', () => {
  let app: App;
  let page: Page;
  let known: Case;
  let triage: TriagePage;
  let wildfire: Simulator;
  let virustotal: Simulator;

  const simulator = (key: string) => ({
    port: 0,
    key,
    limits: { perMinute: null, perDay: null, perMonth: null },
    latencyMs: { least: 1, most: 5 },
    faultShare: 0,
    seed: 7,
    now: Date.now,
    minuteMs: MINUTE_MS,
    tls: null,
  });
  const go = (view: Parameters<typeof viewKey>[0]): Promise<void> => page.keyboard.press(viewKey(view));
  const bar = (): Promise<string> => page.getByRole('contentinfo').innerText();
  const pane = (source: string) => page.getByRole('complementary', { name: `Settings of ${source}` });
  const dialog = () => page.getByRole('dialog');
  const openList = async (): Promise<void> => {
    await go('triage');
    await triage.filled();
    await triage.grid.focus();
  };

  beforeAll(async () => {
    wildfire = await createWildFireSimulator(simulator(WILDFIRE_KEY));
    virustotal = await createVirusTotalSimulator(simulator('a-key-of-virustotal'));
    const folder = temporaryFolder();
    known = writeCase(folder);
    for (let n = 0; n < known.expected.unknown; n += 1) {
      wildfire.know({ sha256: digestOf('fresh', n), status: n < NEWLY_MALICIOUS ? 'malicious' : 'non-malicious' });
    }
    app = await openRealApp({
      folder,
      parts: { simulated: true, secrets: memorySecrets({ virustotal: 'a-key-of-virustotal' }) },
      prepare: (engine) => seed(engine, known.items),
    });
    ({ page } = app);
    triage = triagePage(page);
    await dropFiles(app, [known.list]);
    await triage.filled();
  });
  afterAll(async () => {
    await app.close();
    await wildfire.close();
    await virustotal.close();
  });

  it('says everywhere that the directory holds simulated answers', async () => {
    await expect.poll(() => page.getByRole('banner').innerText()).toContain('simulated');
    await expect.poll(() => page.title()).toContain('(simulated)');
    await expect.poll(() => bar()).toContain('simulated sources');
  });

  it('plans nothing without a source, and leads to where one is set up', async () => {
    await openList();
    await page.keyboard.press('s');
    await dialog().getByText('No source is switched on.').waitFor();
    await expect.poll(() => dialog().getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Open Sources' }).click();
    await page.getByRole('heading', { name: 'Sources and queue' }).waitFor();
  });

  it('sets up a source: address, key, test, switch', async () => {
    await page.getByRole('button', { name: 'WildFire, show settings' }).click();
    const fields = pane('WildFire');
    await fields.getByLabel('URL').selectOption('own');
    await fields.getByLabel('Own address').fill(wildfire.url);
    await fields.getByRole('button', { name: 'Save' }).click();
    await fields.getByRole('button', { name: 'Add the key of WildFire' }).click();
    await page.keyboard.type('a-wrong-key');
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await fields.getByRole('button', { name: 'Test connection' }).click();
    await expect.poll(() => dialog().innerText()).toContain('The key is at fault.');
    await page.keyboard.press('Escape');
    await fields.getByRole('button', { name: 'Replace the key of WildFire' }).click();
    await page.keyboard.type(WILDFIRE_KEY);
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await fields.getByRole('button', { name: 'Test connection' }).click();
    await expect.poll(() => dialog().innerText()).toContain('The source answers.');
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'WildFire' }).click();
    await expect.poll(bar).toMatch(/WildFire\s*\d+ \/ [\d,]+ today/);
    expect(await page.content()).not.toContain(WILDFIRE_KEY);
  });

  it('plans, starts and shows a scan by keyboard; rows change in place', async () => {
    await openList();
    await page.keyboard.press('s');
    await expect.poll(() => dialog().innerText()).toContain(`hashes to ask\n${known.expected.unknown}`);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Start');
    const asked = wildfire.log.length;
    expect((await app.engine.outbound.state()).depth).toBe(0);
    await page.keyboard.press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => triage.countOf('unknown')).toBe(0);
    await expect.poll(() => triage.countOf('malicious')).toBe(known.expected.malicious + NEWLY_MALICIOUS);
    await expect.poll(async () => (await app.engine.outbound.state()).depth).toBe(0);
    const sent = wildfire.log.slice(asked).flatMap((request) => request.hashes);
    expect([sent.length, new Set(sent).size]).toEqual([known.expected.unknown, known.expected.unknown]);
    expect(sent).toContain(known.hashOf.unknown);
    await expect.poll(bar).toMatch(/queue\s*0/);
  });

  it('keeps the record of what left, with the hashes', async () => {
    await go('sources');
    await page.getByRole('button', { name: 'What left this machine' }).click();
    const record = page.getByRole('region', { name: 'Requests' });
    await record
      .getByRole('button', { name: /show its hashes/ })
      .first()
      .click();
    const hashes = dialog().getByRole('region', { name: 'Hashes of the request' });
    await expect.poll(() => hashes.getByRole('row').count()).toBe(known.expected.unknown + 1);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Queue', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing waits to be asked' }).waitFor();
  });

  it('holds everything back with one switch, in every process', async () => {
    await page.getByRole('button', { name: 'Online', exact: true }).click();
    await page.getByRole('button', { name: 'Offline', exact: true }).waitFor();
    await expect.poll(async () => (await app.engine.outbound.state()).offline).toBe(true);
    await expect.poll(bar).toMatch(/offline\s*nothing leaves/);
    await page.getByRole('button', { name: 'Offline', exact: true }).click();
    await expect.poll(async () => (await app.engine.outbound.state()).offline).toBe(false);
  });

  it('asks before the window ends while hashes wait, pauses and cancels the scan', async () => {
    await app.engine.sources.set('virustotal', {
      url: virustotal.url,
      plan: 'public',
      licenceAccepted: true,
      callsPerMinute: 1,
      proxy: { kind: 'none' },
      enabled: true,
    });
    await openList();
    await page.keyboard.press('Control+a');
    await page.getByRole('button', { name: /^Scan \d+ selected…$/ }).click();
    await dialog().getByRole('checkbox', { name: 'WildFire' }).uncheck();
    await dialog().getByLabel('At most so many calls').fill('40');
    await expect.poll(() => dialog().getByRole('button', { name: 'Start' }).isEnabled()).toBe(true);
    await dialog().getByRole('button', { name: 'Start' }).click();
    const line = page.getByRole('region', { name: 'Asking sources' });
    await line.waitFor();

    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    expect(page.isClosed()).toBe(false);

    await line.getByRole('button', { name: 'Pause' }).click();
    await line.getByRole('button', { name: 'Resume' }).waitFor();
    await line.getByRole('button', { name: 'Cancel scan' }).click();
    await line.waitFor({ state: 'detached' });
    await expect.poll(async () => (await app.engine.outbound.state()).depth).toBe(0);
    expect(virustotal.log.length).toBeLessThanOrEqual(2);
  });

  it('has no scan for a list under Never ask', async () => {
    await openList();
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Never ask for this list' }).click();
    await page.getByText('Never ask is on.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Scan/ }).count()).toBe(0);
  });
});
