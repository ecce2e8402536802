// How long panels of the board take to be read: 90 days in which every minute of five sources holds something.
// Prints JSON: the slowest panel of each range, and all of them at once. `node test/bench/usage-board.ts FOLDER`; the folder
// is filled when it is empty.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createEngine } from '#main/engine.ts';
import { METRIC, type MetricKind } from '#main/db/change-kinds.ts';
import { startWriting } from '#main/db/start.ts';
import { PANEL_IDS, type PanelId } from '#shared/domain/usage/panels.ts';
import { SOURCES } from '#shared/domain/source.ts';

/** The slowest panel of a range, with the time before beside it; the middle one of several times. */
interface PanelRun {
  readonly days: number;
  readonly points: number;
  readonly intervals: number;
  readonly panel: PanelId;
  readonly medianMs: number;
}

export interface BoardSpeed {
  readonly runs: readonly PanelRun[];
  /** All panels asked for at once, of 89 days. */
  readonly allPanelsMs: number;
}

const [folder = ''] = process.argv.slice(2);
const directory = join(folder, 'data');
const DAYS = 90;
const DAY = 86_400;
const MINUTE = 60;
const ROUNDS = 7;
const NOW = Math.floor(Date.now() / 1000 / DAY) * DAY + DAY - 1;
const START = NOW + 1 - DAYS * DAY;
const FULL: readonly MetricKind[] = [
  'pairsSent',
  'requestSettled',
  'callsBilled',
  'requestMs',
  'queueDepth',
  'pairsAvoided',
];
const DETAILS: Partial<Record<MetricKind, string>> = { requestSettled: 'answer', pairsAvoided: 'fresh' };

/** What folding would come to, written at once. */
async function fill(): Promise<void> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  await engine.dispose();
  const { db, use } = startWriting(join(directory, 'assay.db'));
  const series = db.prepare('INSERT INTO metric_series (kind, source, detail) VALUES (?, ?, ?)');
  const minute = db.prepare('INSERT INTO metric_rollups VALUES (0, ?, ?, 1, ?, ?, ?, ?, ?)');
  for (const kind of FULL) {
    db.transaction(() => {
      for (const { code } of SOURCES) {
        const id = series.run(METRIC[kind], code, DETAILS[kind] ?? '').lastInsertRowid;
        for (let start = START; start <= NOW; start += MINUTE) {
          const amount = (start / MINUTE) % 97;
          minute.run(id, start, amount, amount, amount, amount, start + 30);
        }
      }
    })();
  }
  for (const [level, unit] of [
    [1, 3600],
    [2, DAY],
  ] as const) {
    db.prepare(
      `INSERT INTO metric_rollups SELECT ?, series, start - start % ?, sum(n), sum(sum), min(least), max(most), last, max(last_at)
       FROM metric_rollups WHERE level = 0 GROUP BY series, start - start % ?`,
    ).run(level, unit, unit);
  }
  db.prepare('INSERT INTO metric_presence VALUES (?, ?)').run(START, NOW);
  db.close();
  use.release();
}

if (!existsSync(directory)) {
  await fill();
}
const engine = await createEngine({
  directory,
  threads: 'workers',
  shell: 'chromium',
  clock: { now: () => NOW * 1000 },
});

async function slowest(days: number, points: number): Promise<PanelRun> {
  const found: PanelRun[] = [];
  for (const panel of PANEL_IDS) {
    const times: number[] = [];
    let intervals = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      const data = await engine.usage.panel({ panel, from: NOW - days * DAY, to: NOW, points, compare: true });
      times.push(performance.now() - started);
      intervals = data.starts.length;
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
    found.push({ days, points, intervals, panel, medianMs: Math.round(median * 10) / 10 });
  }
  return found.reduce((worst, one) => (one.medianMs > worst.medianMs ? one : worst));
}

const runs: PanelRun[] = [];
for (const [days, points] of [
  [1, 120],
  [1, 1440],
  [7, 1200],
  [30, 120],
  [30, 1200],
  [89, 120],
  [89, 1200],
  [89, 4000],
] as const) {
  runs.push(await slowest(days, points));
}
const started = performance.now();
await Promise.all(
  PANEL_IDS.map((panel) => engine.usage.panel({ panel, from: NOW - 89 * DAY, to: NOW, points: 120, compare: true })),
);
const report: BoardSpeed = { runs, allPanelsMs: Math.round(performance.now() - started) };
console.log(JSON.stringify(report));
await engine.dispose();
