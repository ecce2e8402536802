/**
 * How long a flight plan takes, side by side with judging the same list: `node test/bench/plan-speed.ts [items] [rows]`.
 * 1,000,000 of each by default, 10 % and 95 % of the rows cached. BENCH_DIR names a folder that is kept and used again.
 * Exits 1 when a plan took 3 s or more.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Selection } from '#shared/contract/intake.ts';
import type { Status } from '#shared/domain/status.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { startReading, startWriting } from '#main/db/start.ts';
import { IntakeFile } from '#main/intakes/intake-file.ts';
import { emptyVerdictColumns } from '#main/intakes/verdict-columns.ts';
import { systemClock } from '#main/platform/clock.ts';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { intakePlace } from '#main/services/intake/places.ts';
import { createScanning } from '#main/services/scanning/scanning.ts';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { createSettings } from '#main/settings/settings.ts';
import { providers } from '#main/providers/index.ts';
import { memorySources } from '#test/integration/outbound/memory-sources.ts';

const ITEMS = Number(process.argv[2] ?? 1_000_000);
const ROWS = Number(process.argv[3] ?? 1_000_000);
const NOW = Math.floor(Date.now() / 1000);
const RUNS = 3;
const MOST_MS = 3_000;
const never = (): boolean => false;
const kept = process.env['BENCH_DIR'];
const directory = kept ?? mkdtempSync(join(tmpdir(), 'assay-plan-speed-'));
mkdirSync(join(directory, 'known-sets'), { recursive: true });

const sha256 = (number: number): Buffer => createHash('sha256').update(`f${number}`).digest();

/** Items of both sources, some of them stale, a few malicious. */
function fill(): void {
  const { db, use } = startWriting(join(directory, 'assay.db'));
  const file = db.prepare('INSERT INTO files (id, sha256) VALUES (?, ?)');
  const item = db.prepare(
    'INSERT INTO items (file_id, source, status, score, scanned_at, created_at) VALUES (?, ?, ?, ?, ?, 0)',
  );
  const key = db.prepare('INSERT INTO digest_keys (key, file_id) VALUES (?, ?)');
  db.transaction(() => {
    const keys: { readonly key: number; readonly id: number }[] = [];
    for (let id = 1; id <= ITEMS; id += 1) {
      const digest = sha256(id);
      file.run(id, digest);
      item.run(id, id % 2 === 0 ? 1 : 5, id % 20 === 0 ? 4 : 2, id % 70, NOW - (id % 5_000_000));
      keys.push({ key: digest.readUIntBE(0, 6), id });
    }
    for (const one of keys.toSorted((a, b) => a.key - b.key)) {
      key.run(one.key, one.id);
    }
    db.prepare('INSERT INTO changes (kind, id) VALUES (1, 1)').run();
  })();
  db.close();
  use.release();
}

function* lines(share: number): Generator<Uint8Array> {
  for (let from = 0; from < ROWS; from += 10_000) {
    const some = Array.from({ length: Math.min(10_000, ROWS - from) }, (_, at) => {
      const row = from + at;
      return sha256(row < ROWS * share ? 1 + ((row * 7919) % ITEMS) : ITEMS + 1 + row).toString('hex');
    });
    yield Buffer.from(`${some.join('\n')}\n`);
  }
}

async function* chunks(share: number): AsyncGenerator<Uint8Array> {
  yield* lines(share);
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2);

if (!existsSync(join(directory, 'assay.db'))) {
  const started = performance.now();
  fill();
  console.log(`fill ${ITEMS} items: ${seconds(started)} s`);
}
const reading = startReading(join(directory, 'assay.db'));
buildAccelerator(reading.db, directory, never);

const database = await openInlineDatabase(directory);
const settings = createSettings(database, systemClock);
const intakes = await createIntakes(database, { threads: 'inline', clock: systemClock, readBy: 'bench' });
const sources = memorySources(providers);
const scanning = createScanning({
  database,
  intakes,
  settings,
  sources,
  clock: systemClock,
  minuteMs: 60_000,
  avoid: true,
  room: async (count) => count,
  onFault: (error) => console.error(error),
});
const rows = (...statuses: Status[]): Selection => ({
  kind: 'query',
  query: { statuses, flags: [], text: '', sort: 'position', descending: false, asOf: 0 },
});

for (const share of [0.1, 0.95]) {
  const { intakeId, finished } = await intakes.start(
    {
      door: 'terminal',
      inputs: [{ kind: 'stream', name: 'list', chunks: chunks(share) }],
      reading: { as: 'list', format: 'list' },
    },
    () => undefined,
    new AbortController().signal,
  );
  await finished;
  const file = new IntakeFile(intakePlace(directory, intakeId).file);
  const context = { db: reading.db, directory, policy: { thresholds: {}, staleAfter: 30 * 86_400 }, now: NOW };
  for (let run = 0; run < RUNS; run += 1) {
    const judging = performance.now();
    createJudge().judge(context, file.source(), emptyVerdictColumns(file.entries), never);
    const judged = seconds(judging);
    const planning = performance.now();
    const plan = await scanning.plan(
      { intakeId, selection: rows(), strategy: 'certain' },
      new AbortController().signal,
    );
    const planned = seconds(planning);
    process.exitCode = performance.now() - planning < MOST_MS ? (process.exitCode ?? 0) : 1;
    const unknown = performance.now();
    await scanning.plan({ intakeId, selection: rows('unknown'), strategy: 'certain' }, new AbortController().signal);
    console.log(
      `${plan.hashes} hashes, ${share * 100} % cached: judged ${judged} s, planned ${planned} s (its unknown ones ${seconds(unknown)} s); ask ${plan.ask}, without ${plan.without.total}; RSS ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`,
    );
  }
  if (share === 0.95) {
    const started = performance.now();
    await intakes.setEmbargo(intakeId, true);
    console.log(`embargo set: ${seconds(started)} s`);
    const planning = performance.now();
    const plan = await scanning.plan(
      { intakeId: intakeId - 1, selection: rows(), strategy: 'certain' },
      new AbortController().signal,
    );
    console.log(
      `planned the other list under that embargo: ${seconds(planning)} s; ${plan.cannot.map(({ hashes }) => hashes).join(', ')} hashes kept here`,
    );
    const lifting = performance.now();
    await intakes.setEmbargo(intakeId, false);
    console.log(`embargo lifted: ${seconds(lifting)} s`);
  }
  file.close();
}
await scanning.dispose();
await intakes.dispose();
await database.close();
reading.db.close();
reading.use.release();
if (kept === undefined) {
  rmSync(directory, { recursive: true });
}
