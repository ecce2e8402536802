/**
 * How long it takes to work out what the settings of the life of items imply: `node test/bench/effects-speed.ts [items …]`.
 * 1,000,000 by default, of five sources. Prints the whole pass and its longest read, which must stay below 250 ms; both in time
 * of the processor, so that others on the machine do not count.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LifePolicy } from '#shared/domain/life.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { effectsReads } from '#main/db/repositories/life/effects.ts';
import { startWriting } from '#main/db/start.ts';

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000_000];
const NOW = 1_800_000_000;
const DAY = 86_400;
const RUNS = 3;
/** So many items are passed over once. */
const MANY = 5_000_000;
const MOST_MS = 250;
const SOURCES = 5;

const POLICY: LifePolicy = {
  rescan: 30 * DAY,
  notKnown: 7 * DAY,
  sources: Object.fromEntries(
    SOURCE_IDS.map((source) => [
      source,
      { rescans: true, pending: 3_600, newAge: source === 'wildfire' ? null : 14 * DAY, newInterval: DAY },
    ]),
  ),
};

for (const items of SIZES) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-effects-speed-'));
  const { db, use } = startWriting(join(folder, 'assay.db'));
  try {
    db.prepare(
      `WITH RECURSIVE n(file) AS (SELECT 1 UNION ALL SELECT file + 1 FROM n WHERE file < ?)
       INSERT INTO items (file_id, source, status, no_answer, score, raw_code, first_seen, scanned_at, created_at)
       SELECT file, s.value, CASE WHEN (file + s.value) % 20 = 0 THEN 4 WHEN file % 3 = 0 THEN 0 ELSE 2 END,
         CASE WHEN (file + s.value) % 20 <> 0 AND file % 3 = 0 THEN 1 END, file % 70, '3/70',
         ${NOW} - (file % 400) * ${DAY}, ${NOW} - (file * 7919 % 3888000), ${NOW} - (file % 60) * ${DAY}
       FROM n CROSS JOIN json_each('[1,2,3,4,5]') s`,
    ).run(Math.ceil(items / SOURCES));
    const runs = Array.from({ length: items > MANY ? 1 : RUNS }, () => pass(db));
    const best = runs.toSorted((a, b) => a.whole - b.whole)[0];
    const longest = Math.min(...runs.map((run) => run.longest));
    console.log(
      `${items.toLocaleString('en-US')} items: ${best?.whole.toFixed(0)} ms in ${best?.reads} reads, the longest ${longest.toFixed(0)} ms`,
    );
    if (longest > MOST_MS) {
      process.exitCode = 1;
    }
  } finally {
    db.close();
    use.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

function pass(db: Parameters<typeof effectsReads.lifeTotals>[0]) {
  const started = processorMs();
  let longest = 0;
  let reads = 0;
  for (let after: number | null = 0; after !== null;) {
    const from = processorMs();
    const read: { readonly next: number | null } = effectsReads.lifeTotals(db, {
      policy: POLICY,
      thresholds: { virustotal: { malicious: 10, suspicious: 3 } },
      now: NOW,
      after,
    });
    longest = Math.max(longest, processorMs() - from);
    reads += 1;
    after = read.next;
  }
  return { whole: processorMs() - started, longest, reads };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
