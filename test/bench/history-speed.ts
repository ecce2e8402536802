// How long histories take to be read: one hash with five sources and 1,000 changes, and pages of a million changes.
// Prints a line of JSON for each. `node test/bench/history-speed.ts FOLDER FILES CHANGES`; the folder is filled when it is empty.
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createEngine } from '#main/engine.ts';
import { startWriting } from '#main/db/start.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { SOURCES } from '#shared/domain/source.ts';
import { digestOf, writeItems, writeLines } from './data.ts';

const [folder = '', filesText = '1000000', changesText = '1000000'] = process.argv.slice(2);
const files = Number(filesText);
const changes = Number(changesText);
const directory = join(folder, 'data');
const BUSY = digestOf('cached', 0);
const ROUNDS = 60;
const NOW = Math.floor(Date.now() / 1000);

/** Milliseconds: the middle one, and the one that 99 of 100 do not exceed. */
interface Times {
  readonly p50: number;
  readonly p99: number;
}

async function timed(work: () => Promise<unknown>, rounds = ROUNDS): Promise<Times> {
  const times: number[] = [];
  for (let round = 0; round < rounds + 5; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const sorted = times.slice(5).sort((a, b) => a - b);
  const at = (part: number): number => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}

async function importFile(engine: Engine, path: string): Promise<void> {
  await engine.cache.importItems(createReadStream(path), () => undefined, AbortSignal.timeout(3_600_000));
}

/** The files, five answers for one of them, and changes written as they are stored. */
async function fill(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  const items = join(folder, 'items.jsonl');
  writeItems(items, files);
  await importFile(engine, items);
  const five = join(folder, 'five.jsonl');
  writeLines(five, SOURCES.length, (n) =>
    JSON.stringify({ sha256: BUSY, source: SOURCES[n]?.id, status: 'malicious', scannedAt: '2026-11-20T03:04:05Z' }),
  );
  await importFile(engine, five);
  await engine.dispose();
  writeChanges();
}

function writeChanges(): void {
  const { db, use } = startWriting(join(directory, 'assay.db'));
  const busy = db.prepare('SELECT id FROM files WHERE sha256 = ?').pluck().get(Buffer.from(BUSY, 'hex')) as number;
  const insert = db.prepare(
    `INSERT INTO item_history (file_id, source, from_at, at, old_status, old_no_answer, old_score, old_threat_id,
       status, no_answer, score, threat_id, flip) VALUES (?, ?, ?, ?, ?, NULL, ?, NULL, ?, NULL, ?, NULL, ?)`,
  );
  db.transaction(() => {
    for (let n = 0; n < changes; n += 1) {
      const isBusy = n % Math.floor(changes / 1000) === 0;
      const source = 1 + (n % SOURCES.length);
      const at = NOW - (changes - n) * 3;
      const isFlip = n % 20 === 0;
      const [before, after] = isFlip ? [2, 4] : [4, 4];
      insert.run(isBusy ? busy : 1 + (n % files), source, at - 3600, at, before, n % 50, after, n % 60, isFlip ? 1 : 0);
    }
  })();
  db.close();
  use.release();
}

if (!existsSync(directory)) {
  await fill();
}
const engine = await createEngine({ directory, threads: 'workers', shell: 'terminal' });
const query = { since: 0, flipsOnly: false, source: null };
const page = (offset: number, flipsOnly = false) =>
  engine.history.page({ ...query, flipsOnly }, { offset, limit: 100 });
const history = await engine.history.ofHash(BUSY, 1000);
const parts: Readonly<Record<string, () => Promise<Times>>> = {
  lookup: () => timed(() => engine.lookup.find(BUSY)),
  history: () => timed(() => engine.history.ofHash(BUSY, 1000)),
  lookupAndHistory: () => timed(() => Promise.all([engine.lookup.find(BUSY), engine.history.ofHash(BUSY, 1000)])),
  firstPage: () => timed(() => page(0), 10),
  lastPage: () => timed(() => page(changes - 200), 10),
  lastFlips: () => timed(() => page(changes / 20 - 200, true), 10),
  unseen: () => timed(() => engine.history.unseen(), 10),
};
console.log(JSON.stringify({ lanes: history.lanes.length, changes: history.total }));
for (const [name, measure] of Object.entries(parts)) {
  console.log(JSON.stringify({ [name]: await measure() }));
}
await engine.dispose();
