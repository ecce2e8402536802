import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { viewKey } from '#renderer/app/views.ts';
import type { Handlers } from '#shared/contract/index.ts';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import type { Answers } from '#test/renderer/fake-bridge.ts';
import { counts, dryRun, newJob, run, syncAnswers, syncJob } from '#test/renderer/sync/sync-world.ts';
import { violationsOf } from '../axe.ts';
import { browser, openApp, type App } from '../launch.ts';

const STOPPED = run({ id: 63, kind: 'reconcile', state: 'needs-approval', counts: counts({ withdrawn: 18 }) });
const RECALL = dryRun({ id: 64, kind: 'recall-dry-run', counts: counts({ withdrawn: 9, packages: 3 }) });

type Place = readonly [string, (page: Page) => Promise<unknown>];

const part = (page: Page, name: RegExp): Promise<void> =>
  page
    .getByRole('group', { name: /^Parts of/ })
    .getByRole('button', { name })
    .click();
const rows = (page: Page): Promise<void> => page.locator('[data-filled=true]').first().waitFor();
const opens =
  (name: RegExp | string): Place[1] =>
  async (page) => {
    await part(page, /^Overview/);
    await page.getByRole('main').getByRole('button', { name }).first().click();
    await page.getByRole('dialog').waitFor();
  };

const PLACES: readonly Place[] = [
  ['the overview', (page) => part(page, /^Overview/)],
  ['the plan', (page) => part(page, /^Dry run/).then(() => rows(page))],
  ['what is held back', (page) => part(page, /^Held/).then(() => rows(page))],
  ['what is sent', (page) => part(page, /^Sent/).then(() => rows(page))],
  ['the runs', (page) => part(page, /^Runs/).then(() => page.getByRole('region', { name: /^Log of run/ }).waitFor())],
  ['the parameters', (page) => part(page, /^Parameters/)],
  ['a new job', opens('New job…')],
  ['the question what to run', opens('Run…')],
  ['the recall', opens('Recall everything…')],
  ['the withdrawals to approve', opens('Look at the withdrawals…')],
  ['starting over', opens('Start over from…')],
];

describe.skipIf(browser === null)('accessibility of threat sync', () => {
  let app: App;
  let jobs: readonly SyncJobView[] = [];

  beforeAll(async () => {
    app = await openApp({
      createEngine: async (directory) => {
        const engine = await createEngine({
          directory,
          threads: 'inline',
          shell: 'chromium',
          secrets: memorySecrets(),
        });
        return { ...engine, handlers: { ...engine.handlers, ...answersOf(() => jobs) } };
      },
    });
    // Keys are heard once the window has started.
    await app.page.getByRole('heading', { level: 1 }).first().waitFor();
  });
  afterAll(() => app.close());

  const show = async (next: readonly SyncJobView[]): Promise<void> => {
    jobs = next;
    await app.page.keyboard.press(viewKey('triage'));
    await app.page.keyboard.press(viewKey('sync'));
  };

  it('holds while there is no job, and for one that is not complete', async () => {
    await show([]);
    await app.page.getByRole('heading', { name: 'No sync job yet' }).waitFor();
    expect(await violationsOf(app.page)).toEqual([]);
    await show([newJob()]);
    await app.page.getByRole('heading', { name: 'Not ready to be activated' }).waitFor();
    expect(await violationsOf(app.page)).toEqual([]);
  });

  // In the dark only colours differ: the parts with all kinds of them are enough.
  it.each([
    ['light', PLACES],
    ['dark', PLACES.slice(0, 2)],
  ] as const)('holds in every part and dialog, %s', async (colorScheme, places) => {
    const { page } = app;
    await page.emulateMedia({ colorScheme });
    await show([syncJob({ presentRun: STOPPED }), newJob()]);
    for (const [name, go] of places) {
      await go(page);
      expect([name, await violationsOf(page)]).toEqual([name, []]);
      await page.keyboard.press('Escape');
    }
  });

  it.each([
    [1280, 800],
    [1920, 1080],
    [640, 800],
  ])('nothing is cut off at %i x %i', async (width, height) => {
    const { page } = app;
    await page.setViewportSize({ width, height });
    await show([syncJob({ presentRun: STOPPED }), newJob()]);
    for (const [name, go] of PLACES.slice(0, 6)) {
      await go(page);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      const heads = await page
        .locator('.viewhead .button')
        .evaluateAll((all) =>
          all.filter((one) => one.getBoundingClientRect().right > innerWidth).map(({ textContent }) => textContent),
        );
      expect([name, sideways, heads]).toEqual([name, false, []]);
    }
  });
});

/** The handlers of sync calls, answered with plain data. */
function answersOf(jobs: () => readonly SyncJobView[]): Partial<Handlers> {
  const names = Object.keys(syncAnswers([])) as (keyof Answers)[];
  const answer = (name: keyof Answers) => async (input: unknown) => {
    const known = syncAnswers(jobs(), { 'sync.recall': () => RECALL });
    const ofRun = known['sync.run'];
    const answers: Answers = {
      ...known,
      'sync.run': (asked) => (asked.runId === RECALL.id ? RECALL : (ofRun?.(asked) ?? RECALL)),
    };
    return (answers[name] as (input: unknown) => unknown)(input);
  };
  return Object.fromEntries([...names, 'sync.recall' as const].map((name) => [name, answer(name)]));
}
