// What a look-up and an upsert cost as the cache grows. `node test/bench/cost-at-size.ts [--sizes 1,3,10] [--svg FILE]`: sizes
// in million items, five of different sources a file. Prints a table and draws it. BENCH_DIR keeps the cache in between.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { HexDigest } from '#shared/domain/hash.ts';
import { STATUS_CODE } from '#shared/domain/status.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import { createEngine } from '#main/engine.ts';
import { costChart } from './cost-chart.ts';
import { digestOf } from './data.ts';

/** What one size came to. Milliseconds and microseconds, medians and the 99th of a hundred. */
export interface CostAtSize {
  readonly items: number;
  readonly lookupP50: number;
  readonly lookupP99: number;
  /** With five sources and 1,000 changes, its history read as well. */
  readonly longHistoryP50: number;
  readonly longHistoryP99: number;
  /** Microseconds an item, in batches of 500 in random order, each a new score: with its line of history. */
  readonly upsert: number;
  readonly bytesPerItem: number;
}

const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '1,3,10' }, svg: { type: 'string' } },
});
const MILLION = 1_000_000;
const SOURCES = 5;
const BATCH = 20_000;
const UPSERTS = 20_000;
const AT = Math.floor(Date.UTC(2026, 9, 1) / 1000);
const LONG = digestOf('long', 0) as HexDigest;

const kept = process.env['BENCH_DIR'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'assay-cost-'));
mkdirSync(folder, { recursive: true });
const directory = join(folder, 'cost');
const mark = join(folder, 'cost-files');
try {
  const costs: CostAtSize[] = [];
  for (const size of values.sizes.split(',').map((text) => Math.round(Number(text) * MILLION))) {
    costs.push(await costAt(size));
    print(costs.at(-1) as CostAtSize);
  }
  if (values.svg !== undefined) {
    writeFileSync(values.svg, costChart(costs));
  }
} finally {
  if (kept === undefined) {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function costAt(items: number): Promise<CostAtSize> {
  const files = items / SOURCES;
  const database = await openInlineDatabase(directory);
  let upsert: number;
  let bytes: number;
  try {
    await growTo(database, files);
    await longHistory(database);
    upsert = await upserts(database, files);
    bytes = (await database.read('usedBytes', undefined)).bytes;
  } finally {
    await database.close();
  }
  return { items, ...(await lookups(files)), upsert, bytesPerItem: bytes / items };
}

/** Adds files up to that many, sorted within each batch: neighbours share pages. */
async function growTo(database: Database, files: number): Promise<void> {
  let made = existsSync(mark) ? Number(readFileSync(mark, 'utf8')) : 0;
  while (made < files) {
    const end = Math.min(files, made + BATCH);
    const digests = Array.from({ length: end - made }, (_, n) => digestOf('cached', made + n) as HexDigest).toSorted();
    await database.write('importItems', { items: digests.flatMap((sha256, n) => itemsOf(sha256, n)), at: AT }, 'bulk');
    made = end;
    writeFileSync(mark, String(made));
  }
}

function itemsOf(sha256: HexDigest, n: number) {
  return Array.from({ length: SOURCES }, (_, place) =>
    itemOf(sha256, place + 1, (n + place) % 70, AT - (n % 2_000_000)),
  );
}

function itemOf(sha256: HexDigest, source: number, score: number, scannedAt: number) {
  return {
    digests: { sha256 },
    source,
    status: score > 60 ? STATUS_CODE.malicious : STATUS_CODE['non-malicious'],
    noAnswer: null,
    score,
    threat: null,
    rawCode: String(score),
    firstSeen: null,
    scannedAt,
  };
}

/** One file with 1,000 changes: 200 of each source. */
async function longHistory(database: Database): Promise<void> {
  for (let turn = 0; turn <= 200; turn += 1) {
    const items = Array.from({ length: SOURCES }, (_, place) => itemOf(LONG, place + 1, turn % 70, AT + turn));
    await database.write('importItems', { items, at: AT + turn }, 'bulk');
  }
}

async function upserts(database: Database, files: number): Promise<number> {
  let seed = 1;
  const items = Array.from({ length: UPSERTS }, (_, n) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return itemOf(digestOf('cached', seed % files) as HexDigest, 1 + (n % SOURCES), (seed >>> 8) % 70, AT + 10_000 + n);
  });
  const started = performance.now();
  for (let from = 0; from < UPSERTS; from += 500) {
    await database.write('importItems', { items: items.slice(from, from + 500), at: AT + 10_000 }, 'bulk');
  }
  return ((performance.now() - started) * 1000) / UPSERTS;
}

async function lookups(
  files: number,
): Promise<Pick<CostAtSize, 'lookupP50' | 'lookupP99' | 'longHistoryP50' | 'longHistoryP99'>> {
  const engine = await createEngine({ directory, threads: 'workers', shell: 'terminal' });
  try {
    const ordinary: number[] = [];
    const long: number[] = [];
    for (let n = 0; n < 300; n += 1) {
      const known = digestOf('cached', (Math.imul(n + 1, 2_654_435_761) >>> 0) % files);
      ordinary.push(await timed(() => engine.lookup.find(known)));
      long.push(
        await timed(async () => {
          await engine.lookup.find(LONG);
          await engine.handlers['history.ofHash']({ hash: LONG, limit: 1000 });
        }),
      );
    }
    const share = (times: number[], part: number): number =>
      times.slice(20).toSorted((a, b) => a - b)[Math.floor((times.length - 20) * part)] ?? Number.NaN;
    return {
      lookupP50: share(ordinary, 0.5),
      lookupP99: share(ordinary, 0.99),
      longHistoryP50: share(long, 0.5),
      longHistoryP99: share(long, 0.99),
    };
  } finally {
    await engine.dispose();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function print(cost: CostAtSize): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  console.log(
    `${(cost.items / MILLION).toFixed(0)}M items: look-up ${ms(cost.lookupP50)} (p99 ${ms(cost.lookupP99)}), ` +
      `with 1,000 changes ${ms(cost.longHistoryP50)} (p99 ${ms(cost.longHistoryP99)}), ` +
      `upsert ${cost.upsert.toFixed(0)} us, ${cost.bytesPerItem.toFixed(0)} B an item`,
  );
}
