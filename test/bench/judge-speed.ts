/**
 * How long judging takes: `node test/bench/judge-speed.ts [files] [rows]`. Makes a database of its own under the
 * temporary folder (kept and used again when BENCH_DIR names a folder), prints medians of 5.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SET_MARK_CODE, type VerdictPolicy } from '#shared/domain/evidence.ts';
import { startWriting } from '#main/db/start.ts';
import type { WritableDb } from '#main/db/handles.ts';
import { strideOfMask } from '#main/intakes/intake-columns.ts';
import { memoryEntries } from '#main/intakes/memory-entries.ts';
import { PackedWriter } from '#main/intakes/packed-writer.ts';
import { emptyVerdictColumns } from '#main/intakes/verdict-columns.ts';
import { buildAccelerator } from '#main/services/triage/accelerator/build.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import type { EntrySource } from '#main/services/triage/port.ts';

const FILES = Number(process.argv[2] ?? 1_000_000);
const ROWS = Number(process.argv[3] ?? 1_000_000);
const NOW = 1_800_000_000;
const POLICY: VerdictPolicy = { thresholds: {}, staleAfter: 30 * 86_400 };
const never = (): boolean => false;

const kept = process.env['BENCH_DIR'];
const directory = kept ?? mkdtempSync(join(tmpdir(), 'assay-judge-speed-'));
mkdirSync(join(directory, 'known-sets'), { recursive: true });
const isNew = !existsSync(join(directory, 'assay.db'));
const { db, use } = startWriting(join(directory, 'assay.db'));

const sha256 = (number: number): Buffer => createHash('sha256').update(`f${number}`).digest();
const timed = <T>(name: string, work: () => T): T => {
  const start = performance.now();
  const result = work();
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(2)} s`);
  return result;
};

function fill(handle: WritableDb): void {
  const file = handle.prepare('INSERT INTO files (id, sha256) VALUES (?, ?)');
  const item = handle.prepare(
    'INSERT INTO items (file_id, source, status, score, scanned_at, created_at) VALUES (?, ?, ?, ?, ?, 0)',
  );
  const key = handle.prepare('INSERT INTO digest_keys (key, file_id) VALUES (?, ?)');
  handle.transaction(() => {
    const keys: { readonly key: number; readonly id: number }[] = [];
    for (let id = 1; id <= FILES; id += 1) {
      const digest = sha256(id);
      file.run(id, digest);
      item.run(id, 1 + (id % 5), [4, 2, 2, 3, 2][id % 5], id % 70, NOW - (id % 5_000_000));
      keys.push({ key: digest.readUIntBE(0, 6), id });
    }
    for (const one of keys.sort((a, b) => a.key - b.key)) {
      key.run(one.key, one.id);
    }
    handle.prepare('INSERT INTO changes (kind, id) VALUES (1, 1)').run();
  })();
}

/** Rows of which this share is known, sorted. */
function rows(count: number, share: number): EntrySource {
  const digests = Array.from({ length: count }, (_, row) =>
    sha256(row < count * share ? 1 + ((row * 7919) % FILES) : FILES + 1 + row),
  );
  const block = Buffer.concat(digests.sort((a, b) => Buffer.compare(a, b)));
  return memoryEntries([{ mask: 4, link: 'single', count, stride: strideOfMask(4) }], [block]);
}

/** Puts some of the rows on the list as false detections. */
function list(entries: EntrySource, count: number): void {
  const add = db.prepare(
    "INSERT INTO hash_list (side, sha256, added_by, added_at, updated_at) VALUES (2, ?, 'bench', 0, 0)",
  );
  const key = db.prepare('INSERT OR IGNORE INTO hash_list_keys VALUES (?, ?)');
  const change = db.prepare('INSERT INTO changes (kind, id) VALUES (3, ?)');
  db.transaction(() => {
    for (let entry = 0; entry < count; entry += 1) {
      const digest = entries.read(0, Math.floor((entry * entries.length) / count), 1).slice(0, 32);
      const id = add.run(digest).lastInsertRowid;
      key.run(Buffer.from(digest).readUIntBE(0, 6), id);
      change.run(id);
    }
  })();
}

function measure(name: string, entries: EntrySource, finders: 'cheapest' | 'search' = 'cheapest'): void {
  const times: number[] = [];
  const before = process.memoryUsage.rss();
  for (let run = 0; run < 5; run += 1) {
    const into = emptyVerdictColumns(entries.length);
    const start = performance.now();
    createJudge(finders).judge({ db, directory, policy: POLICY, now: NOW }, entries, into, never);
    times.push(performance.now() - start);
  }
  const first = times[0] ?? 0;
  const median = times.sort((a, b) => a - b)[2] ?? 0;
  const grown = (process.memoryUsage.rss() - before) / 1e6;
  console.log(`${name}: first ${first.toFixed(0)} ms, median ${median.toFixed(0)} ms, RSS +${grown.toFixed(0)} MB`);
}

if (isNew) {
  timed(`fill ${FILES} files`, () => fill(db));
}
const [few, tenth, all] = timed('make rows', () => [rows(20_000, 0.1), rows(ROWS, 0.1), rows(ROWS, 1)] as const);
rmSync(join(directory, 'accelerators'), { recursive: true, force: true });
measure('20,000 rows, 10 % known, searched', few);
measure(`${ROWS} rows, 10 % known, searched`, tenth, 'search');
timed('build accelerator', () => buildAccelerator(db, directory, never));
measure('20,000 rows, 10 % known', few);
measure(`${ROWS} rows, 10 % known`, tenth);
measure(`${ROWS} rows, 100 % known`, all);

const threefold = ((): EntrySource => {
  const source = rows(ROWS, 0.1);
  const stride = strideOfMask(7);
  const block = Buffer.alloc(ROWS * stride);
  for (let row = 0; row < ROWS; row += 1) {
    const digest = source.read(0, row, 1);
    block.set(digest, row * stride);
    block.set(createHash('sha1').update(digest).digest(), row * stride + 32);
    block.set(createHash('md5').update(digest).digest(), row * stride + 52);
  }
  return memoryEntries([{ mask: 7, link: 'asserted', count: ROWS, stride }], [block]);
})();
measure(`${ROWS} rows of three digests, 10 % known`, threefold);

timed('list 10,000 of the rows', () => list(tenth, 10_000));
measure(`${ROWS} rows, 10,000 on the list`, tenth);
const columns = emptyVerdictColumns(ROWS);
const context = { db, directory, policy: POLICY, now: NOW };
for (const [name, entries] of [
  ['one digest', tenth],
  ['three digests', threefold],
] as const) {
  const { seq } = createJudge().judge(context, entries, columns, never);
  list(entries, 100);
  timed(`judge again after 100 entries, rows of ${name}`, () => {
    console.log(createJudge().rejudge(context, entries, columns, seq));
  });
}
db.exec('DELETE FROM hash_list_keys; DELETE FROM hash_list; DELETE FROM changes WHERE seq > 1');

const setPath = join(directory, 'known-sets', 'bench.acol');
timed('write a set of 5,000,000', () => {
  const writer = new PackedWriter(setPath);
  const words = Array.from({ length: 5_000_000 }, (_, place) => (place * 859) >>> 0);
  const bytes = Buffer.alloc(5_000_000 * 32);
  for (const [place, word] of words.sort((a, b) => a - b).entries()) {
    bytes.writeUInt32BE(word, place * 32);
  }
  writer.section('sha256', 'bytes', bytes);
  writer.finish({ kind: 'known-set', version: 1, meta: {} });
});
db.prepare('DELETE FROM known_sets').run();
db.prepare(
  "INSERT INTO known_sets (name, edition, mark, imported_at, state, path) VALUES ('bench', '1', ?, 0, 'ready', ?)",
).run(SET_MARK_CODE['known-good'], 'known-sets/bench.acol');
measure('20,000 rows, with the set', few);
measure(`${ROWS} rows, 10 % known, with the set`, tenth);
db.prepare('DELETE FROM known_sets').run();
db.close();
use.release();
if (kept === undefined) {
  rmSync(directory, { recursive: true });
}
