/**
 * What asking again costs by itself: `node test/bench/rescan-speed.ts [items …]`, 1,000,000 by default, of five sources.
 * Prints a sweep with few and with all items due, its longest read, which must stay below 250 ms, and the queueing of a
 * full feeding; all in time of the processor, so that others on the machine do not count.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LifePolicy } from '#shared/domain/life.ts';
import { SOURCE_IDS, sourceCode } from '#shared/domain/source.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { feedRescans } from '#main/db/repositories/asking/queue/feed-rescans.ts';
import { dueItems, type DueItemsArgs } from '#main/db/repositories/life/due.ts';
import { startWriting } from '#main/db/start.ts';
import type { Candidates } from '#main/jobs/rescans/candidates.ts';
import type { RescanStore } from '#main/jobs/rescans/port.ts';
import { sweep } from '#main/jobs/rescans/sweep.ts';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
const NOW = 1_800_000_000;
const DAY = 86_400;
const MOST_MS = 250;
const SOURCES = 5;
const FED = 1_000;
const WILDFIRE = sourceCode('wildfire');

for (const items of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-rescan-speed-'));
  const { db, use } = startWriting(join(folder, 'assay.db'));
  try {
    fill(db, Math.ceil(items / SOURCES));
    for (const [name, days] of [
      ['one in twenty due', 60],
      ['all due', 1],
    ] as const) {
      const { candidates, whole, longest, reads } = await swept(db, policyOf(days));
      console.log(
        `${items.toLocaleString('en-US')} items, ${name}: ${whole.toFixed(0)} ms in ${reads} reads, the longest ${longest.toFixed(0)} ms`,
      );
      console.log(`  queueing ${FED}: ${fed(db, candidates, policyOf(days)).toFixed(0)} ms`);
      process.exitCode = longest > MOST_MS ? 1 : (process.exitCode ?? 0);
    }
  } finally {
    db.close();
    use.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Answers of the last 63 days. */
function fill(db: WritableDb, files: number): void {
  db.prepare(
    `WITH RECURSIVE n(file) AS (SELECT 1 UNION ALL SELECT file + 1 FROM n WHERE file < ?)
     INSERT INTO files (id, sha256) SELECT file, randomblob(32) FROM n`,
  ).run(files);
  db.prepare(
    `WITH RECURSIVE n(file) AS (SELECT 1 UNION ALL SELECT file + 1 FROM n WHERE file < ?)
     INSERT INTO items (file_id, source, status, no_answer, score, raw_code, first_seen, scanned_at, created_at)
     SELECT file, s.value, CASE WHEN (file + s.value) % 20 = 0 THEN 4 WHEN file % 3 = 0 THEN 0 ELSE 2 END,
       CASE WHEN (file + s.value) % 20 <> 0 AND file % 3 = 0 THEN 1 END, file % 70, '3/70',
       ${NOW} - (file % 400 + 30) * ${DAY}, ${NOW} - ${DAY} - (file * 7919 % ${62 * DAY}), ${NOW} - 90 * ${DAY}
     FROM n CROSS JOIN json_each('[1,2,3,4,5]') s`,
  ).run(files);
}

function policyOf(days: number): LifePolicy {
  const life = { rescans: true, pending: 3_600, newAge: 14 * DAY, newInterval: days * DAY };
  return {
    rescan: days * DAY,
    notKnown: days * DAY,
    sources: Object.fromEntries(SOURCE_IDS.map((source) => [source, life])),
  };
}

async function swept(db: WritableDb, policy: LifePolicy) {
  let [reads, longest] = [0, 0];
  const store = {
    async dueItems(args: DueItemsArgs) {
      const from = processorMs();
      const found = dueItems(db, args);
      longest = Math.max(longest, processorMs() - from);
      reads += 1;
      return found;
    },
  } as RescanStore;
  const timer = { now: () => NOW * 1000, steady: () => performance.now(), after: () => () => undefined };
  const started = processorMs();
  const args = { now: NOW, policy, thresholds: {}, unasked: [1, 2, 3, 4, 5] };
  const found = await sweep({ store, timer }, args, new AbortController().signal);
  if (found === null) {
    throw new Error('the sweep was broken off');
  }
  return { candidates: found.candidates, whole: processorMs() - started, longest, reads };
}

/** Milliseconds of queueing a feeding, as the writer does it. */
function fed(db: WritableDb, candidates: Candidates, policy: LifePolicy): number {
  const files = candidates.rescans(WILDFIRE, FED);
  const order = {
    source: WILDFIRE,
    takes: ['sha256'],
    policy,
    purpose: 'rescan',
    files,
    most: FED,
    at: NOW * 1000,
  } as const;
  const started = processorMs();
  db.exec('BEGIN IMMEDIATE');
  const run = feedRescans(db, order);
  for (let step = run.next(); step.done !== true; step = run.next()) {
    db.exec('COMMIT; BEGIN IMMEDIATE');
  }
  db.exec('COMMIT');
  return processorMs() - started;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
