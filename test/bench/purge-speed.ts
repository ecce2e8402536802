import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInlineDatabase } from '#main/db/client.ts';
import { digestKey, linksOf } from '#main/db/codes.ts';
import { openWritable } from '#main/db/open.ts';
import { COUNT_DIGESTS, COUNT_FILES, itemCounter } from '#main/db/repositories/counters.ts';
import { createPurge } from '#main/services/life/purge/purge.ts';

/**
 * How long a preview and a purge take over so many items, and the longest transaction of the purge:
 * `node test/bench/purge-speed.ts [items] [share of them nobody asked for]`.
 */
const ITEMS = Number(process.argv[2] ?? 1_000_000);
const OLD_SHARE = Number(process.argv[3] ?? 0.1);
const DAY = 86_400;
const NOW = 20_500 * DAY;

const directory = mkdtempSync(join(tmpdir(), 'assay-purge-'));
try {
  await (await openInlineDatabase(directory)).close();
  fill();
  await measure();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Straight into the tables: what is measured is not the import. */
function fill(): void {
  const db = openWritable(join(directory, 'assay.db'));
  const file = db.prepare('INSERT INTO files VALUES (?, NULL, NULL, ?, ?)');
  const item = db.prepare(
    'INSERT INTO items (file_id, source, status, scanned_at, asked_day, created_at) VALUES (?, 1, 2, ?, ?, ?)',
  );
  const every = Math.round(1 / OLD_SHARE);
  for (let first = 1; first <= ITEMS; first += 100_000) {
    db.transaction(() => {
      const end = Math.min(ITEMS, first + 99_999);
      for (let id = first; id <= end; id += 1) {
        const digest = spread(id);
        file.run(id, digest, linksOf(['sha256'], 'source'));
        item.run(id, NOW - 300 * DAY, id % every === 0 ? null : 20_490, NOW - 300 * DAY);
      }
    })();
  }
  db.pragma('temp_store = FILE');
  db.function('digest_key', { deterministic: true }, (digest) => digestKey(digest as Uint8Array));
  db.transaction(() => {
    db.exec('INSERT INTO digest_keys SELECT CAST(digest_key(sha256) AS INTEGER), id FROM files ORDER BY 1');
    const count = db.prepare('INSERT INTO counters VALUES (?, ?)');
    for (const name of [COUNT_FILES, COUNT_DIGESTS, itemCounter(1, 2)]) {
      count.run(name, ITEMS);
    }
  })();
  db.close();
}

/** A digest that stands anywhere among the others, as real ones do. */
function spread(id: number): Uint8Array {
  const bytes = Buffer.alloc(32);
  bytes.writeDoubleBE((id * 0.6180339887498949) % 1, 8);
  bytes.writeUInt32BE(Math.imul(id, 2_654_435_761) >>> 0, 0);
  bytes.writeUInt32BE(id, 28);
  return bytes;
}

async function measure(): Promise<void> {
  const database = await openInlineDatabase(directory);
  const purge = createPurge({
    database,
    intakes: { packedDigests: () => [] as never },
    clock: { now: () => NOW * 1000 },
    settleAsked: async () => undefined,
  });
  const signal = new AbortController().signal;
  const interval = { removeItemDays: 180 };
  let started = performance.now();
  const preview = await purge.preview(interval, signal);
  report(`preview: ${preview.items} of ${ITEMS} items`, started);
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 0);
  started = performance.now();
  const { items, files } = await purge.purge(interval, () => undefined, signal);
  clearInterval(beat);
  report(`purge: ${items} items, ${files} files; the longest stretch without a turn ${longest.toFixed(0)} ms`, started);
  await database.close();
}

function report(what: string, started: number): void {
  process.stdout.write(`${what}: ${((performance.now() - started) / 1000).toFixed(2)} s\n`);
}
