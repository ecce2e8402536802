import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewKey } from '#renderer/app/views.ts';
import { SIMULATED_TANIUM, type TaniumSimulator } from '#main/simulators/tanium/port.ts';
import { createTaniumSimulator } from '#main/simulators/tanium/simulator.ts';
import { createThreatConnectSimulator, type ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { browser, type App } from '../launch.ts';
import { openRealApp } from '../real-engine.ts';

const API_USER = { accessId: '12345678901234567890', secretKey: 'simulated-secret-key', token: 'APIV2:simulated' };
const JOB = 'Emotet and QakBot';

/** From no job to indicators in Threat Response and back, over real clients and both simulators. */
describe.skipIf(browser === null)('threat sync in the window', () => {
  let app: App;
  let page: Page;
  let threatConnect: ThreatConnectSimulator;
  let tanium: TaniumSimulator;

  const press = (name: string | RegExp, at: Page | Locator = page): Promise<void> =>
    at
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();
  const part = (name: RegExp): Promise<void> => press(name, page.getByRole('group', { name: `Parts of ${JOB}` }));
  const dialog = () => page.getByRole('dialog');
  const secret = async (name: string, value: string): Promise<void> => {
    await press(`Set ${name}`);
    await dialog().getByLabel(name).fill(value);
    await press('Keep', dialog());
    await dialog().waitFor({ state: 'detached' });
  };
  const lastRun = async () => {
    const [run] = (await app.engine.threatSync.runs({ jobId: 1, offset: 0, limit: 1 })).rows;
    if (run === undefined) {
      throw new Error('there is no run');
    }
    return run;
  };
  const documents = (): number => tanium.control.intels().filter(({ type }) => type === 'openioc').length;

  beforeAll(async () => {
    threatConnect = await createThreatConnectSimulator({ ...API_USER, indicators: 300 });
    tanium = await createTaniumSimulator();
    app = await openRealApp({ parts: { simulated: true, secrets: memorySecrets() } });
    page = app.page;
    // Keys are heard once the window has started.
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Threat sync' }).waitFor();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([threatConnect.close(), tanium.close()]);
  });

  it('a job is made, and says what it still needs', async () => {
    await page.keyboard.press(viewKey('sync'));
    await press('New job…');
    await dialog().getByLabel('Name').fill(JOB);
    await press('Make the job', dialog());
    await page.getByText('ThreatConnect Address is not set.').waitFor();
    await page.getByLabel('ThreatConnect Address *').fill(threatConnect.url);
    await page.getByLabel('Api User Access ID *').fill(API_USER.accessId);
    await page.getByLabel('ThreatConnect Proxy', { exact: true }).selectOption('none');
    await page.getByLabel('Tanium Address *').fill(tanium.url);
    await page.getByLabel('Tanium Username *').fill(SIMULATED_TANIUM.username);
    await page.getByLabel('Tanium Proxy', { exact: true }).selectOption('none');
    await page.getByLabel('Package Size').fill('20');
    await press('Save');
    await page.getByText(`Settings of ${JOB} saved.`).first().waitFor();
    await secret('Api User Secret Key', 'not the key');
    await secret('Tanium Password', SIMULATED_TANIUM.password);
    expect(await page.content()).not.toContain(SIMULATED_TANIUM.password);
  });

  it('each side is tested, and the wrong key is named', async () => {
    await press('Test ThreatConnect');
    await dialog().getByText('is at fault.').waitFor();
    await press('Close', dialog());
    await press('Replace Api User Secret Key');
    await dialog().getByLabel('Api User Secret Key').fill(API_USER.secretKey);
    await press('Keep', dialog());
    await dialog().waitFor({ state: 'detached' });
    for (const side of ['ThreatConnect', 'Tanium']) {
      await press(`Test ${side}`);
      await dialog().getByText(`${side} answers.`).waitFor();
      await press('Close', dialog());
    }
    expect(documents()).toBe(0);
  });

  it('owners are chosen from those that can be read, and the query follows', async () => {
    await press('Choose…');
    const first = dialog().getByRole('checkbox').first();
    await first.check();
    await press('Use 1 owner', dialog());
    await expect.poll(() => page.getByText(/ownerName (=|in)/i).count()).toBeGreaterThan(0);
    await press('How many match now');
    await page.getByText(/^\d+ indicators match now, Last Modified left aside\.$/).waitFor();
    await press('Revert');
  });

  it('a dry run writes nothing and is what the first activation needs', async () => {
    await part(/^Overview/);
    await page.getByRole('heading', { name: 'Not ready to be activated' }).waitFor();
    await press('Dry run', page.getByRole('region', { name: 'Activation' }));
    const grid = page.getByRole('grid', { name: 'What a run would do' });
    await grid.waitFor();
    expect(Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(100);
    await press(/held back$/, page.getByRole('group', { name: 'Which indicators' }));
    await grid.getByText('held back').first().waitFor();
    expect(documents()).toBe(0);
    await part(/^Overview/);
    await press('Activate');
    await expect.poll(() => page.getByRole('switch', { name: JOB }).isChecked()).toBe(true);
  });

  it('the schedule runs it at once, and says what it wrote', async () => {
    await page.getByText(/^(Run|Reconcile), done/).waitFor();
    expect(documents()).toBeGreaterThan(5);
    expect(tanium.control.writes().deploys).toBe(1);
    await press('What it did, its log and ledger');
    await press('Ledger');
    await page
      .getByRole('region', { name: /^Ledger of run/ })
      .getByText('done')
      .first()
      .waitFor();
  });

  it('a run without news writes nothing', async () => {
    const before = tanium.control.writes();
    await press('Run…');
    await dialog()
      .getByRole('radio', { name: /^Everything that matches now/ })
      .check();
    await press('Reconcile', dialog());
    await expect.poll(async () => (await lastRun()).asked, { timeout: 60_000 }).toBe('person');
    await expect.poll(async () => (await lastRun()).state, { timeout: 60_000 }).toBe('done');
    await part(/^Overview/);
    await page.getByText(/^Reconcile, done/).waitFor();
    await page.getByText(/No change, 0 packages/).waitFor();
    expect(tanium.control.writes()).toEqual(before);
  });

  it('one is called back, by keys, after it was shown what that takes out', async () => {
    const before = tanium.control.terms('ThreatConnect').length;
    await part(/^Sent/);
    const grid = page.getByRole('grid', { name: 'Sent indicators' });
    await grid.focus();
    await grid.locator('[data-row="0"][data-filled=true]').waitFor();
    await page.keyboard.press('Delete');
    await dialog().getByRole('region', { name: 'Withdrawals' }).getByRole('row').nth(1).waitFor();
    expect(tanium.control.terms('ThreatConnect').length).toBe(before);
    await press('Recall 1 indicator', dialog());
    await expect.poll(() => tanium.control.terms('ThreatConnect').length, { timeout: 60_000 }).toBeLessThan(before);
    await part(/^Held back/);
    await page
      .getByRole('grid', { name: 'Held back' })
      .getByText(/called back/)
      .first()
      .waitFor();
  });

  it('and everything, once the name of the job was typed', async () => {
    await press('Recall everything…');
    await dialog()
      .getByLabel(/^Type the name of the job/)
      .fill(JOB);
    await press(/^Recall \d+ indicators$/, dialog());
    await expect.poll(documents, { timeout: 60_000 }).toBe(0);
    await expect.poll(() => page.getByRole('button', { name: 'Recall everything…' }).count()).toBe(0);
  });
});
