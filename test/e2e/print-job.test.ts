import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import { browserPrinter } from '#main/shells/chromium/printer.ts';
import type { ReportProgress } from '#main/services/report/port.ts';
import type { Job } from '#shared/contract/app.ts';
import { windowCalls } from '#test/integration/contract/window-calls.ts';
import { everything, hex, never, startWorld, type ReportWorld } from '#test/integration/report/report-world.ts';
import { testBrowser } from './browser.ts';
import { browsersOn } from './print-browsers.ts';

const ROWS = 1_500;
const statement = { title: '', examiner: '', caseName: '', note: '' };

let world: ReportWorld;
let downloads = '';
beforeAll(async () => {
  const browser = await testBrowser();
  if (browser === null) {
    throw new Error('No browser to print with.');
  }
  world = await startWorld({
    printer: browserPrinter(() => browser, browser.launch),
    saveTarget: folderSaveTarget(() => Promise.resolve(downloads)),
  });
  downloads = world.path('downloads');
  mkdirSync(downloads);
});
afterAll(() => world.dispose());

it('tells that a report is being printed, and is cancelled there with nothing left behind', async () => {
  const text = Array.from({ length: ROWS }, (_, n) => `${hex('sha256', String(n))}\n`).join('');
  const prints = join(world.engine.directory, 'print-');
  const { id: intakeId } = await world.read('list.txt', text);
  const window = windowCalls(world.engine);
  const { jobId } = await window.call('report.start', { intakeId, selection: everything, format: 'pdf', statement });
  const jobOf = async (fits: (job: Job) => boolean): Promise<Job> =>
    vi.waitUntil(
      async () => (await window.call('jobs.list', {})).jobs.find((job) => job.jobId === jobId && fits(job)),
      { timeout: 60_000, interval: 5 },
    );
  expect(await jobOf(({ phase }) => phase === 'printing')).toMatchObject({ done: ROWS, total: null, state: 'running' });
  await vi.waitFor(() => expect(browsersOn(prints)).not.toEqual([]), { timeout: 60_000, interval: 20 });
  await window.call('jobs.cancel', { jobId: jobId ?? '' });
  expect(await jobOf(({ state }) => state !== 'running')).toMatchObject({ state: 'cancelled', path: null });
  expect(readdirSync(downloads)).toEqual([]);
  expect(readdirSync(world.engine.directory).filter((name) => name.startsWith('print-'))).toEqual([]);
  expect(browsersOn(prints)).toEqual([]);

  const told: ReportProgress[] = [];
  const selection = { kind: 'entries' as const, entries: [0, 1, 2] };
  const request = { intakeId, selection, format: 'pdf' as const, statement };
  await world.engine.reports.write(request, world.path('few.pdf'), (one) => told.push(one), never);
  expect(told).toEqual([
    { phase: 'writing', done: 3, total: 3 },
    { phase: 'printing', done: 3, total: null },
  ]);
  const { outcome } = await world.engine.reports.verify(world.path('few.pdf'), () => undefined, never);
  expect(outcome).toBe('matches');
});
