// How long panels of the board take from the question to pixels: 90 days in which every minute of five sources holds something,
// read by the service and drawn in headless Chromium as wide as a window. Prints JSON, null where there is no browser.
// `node test/bench/usage-drawing.ts FOLDER`, after usage-board.ts filled the folder.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createEngine } from '#main/engine.ts';
import { PANEL_IDS, type PanelId } from '#shared/domain/usage/panels.ts';
import { openChartPage } from '#test/e2e/charts/chart-page.ts';
import { browser } from '#test/e2e/launch.ts';

/** The middle one of several times, milliseconds. */
export interface DrawnPanel {
  readonly panel: PanelId;
  readonly intervals: number;
  readonly readMs: number;
  readonly drawnMs: number;
}

export interface BoardDrawing {
  /** Each panel that holds something, alone. */
  readonly panels: readonly DrawnPanel[];
  /** All of them drawn at once. */
  readonly togetherMs: number;
}

const [folder = ''] = process.argv.slice(2);
const DAYS = 89;
const DAY = 86_400;
/** A point for every other pixel of the largest chart. */
const POINTS = 600;
const ROUNDS = 5;
const SIZE = { width: 1200, height: 300 } as const;

console.log(JSON.stringify(browser === null ? null : await drawing()));

async function drawing(): Promise<BoardDrawing> {
  let now = 0;
  const engine = await createEngine({
    directory: join(folder, 'data'),
    threads: 'workers',
    shell: 'chromium',
    clock: { now: () => now * 1000 },
  });
  const stretches = await engine.database.read('metricPresence', { from: 0, to: 4e9 });
  now = stretches.at(-1)?.until ?? 0;
  const app = await openChartPage();
  try {
    const panels: DrawnPanel[] = [];
    const charts = [];
    for (const panel of PANEL_IDS) {
      const query = { panel, from: now - DAYS * DAY, to: now, points: POINTS, compare: true };
      const reads: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const started = performance.now();
        await engine.usage.panel(query);
        reads.push(performance.now() - started);
      }
      const data = await engine.usage.panel(query);
      if ((data.peak ?? 0) > 0) {
        charts.push(data);
        const shown = { charts: [data], ...SIZE };
        const drawn = await app.page.evaluate(([given, runs]) => chartPage.showAgain(given, runs), [
          shown,
          ROUNDS,
        ] as const);
        panels.push({ panel, intervals: data.starts.length, readMs: middle(reads), drawnMs: middle(drawn) });
      }
    }
    const together = await app.page.evaluate(([given, runs]) => chartPage.showAgain(given, runs), [
      { charts, width: 390, height: 132 },
      ROUNDS,
    ] as const);
    return { panels, togetherMs: middle(together) };
  } finally {
    await app.close();
    await engine.dispose();
  }
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
