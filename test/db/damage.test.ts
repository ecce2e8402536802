import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import type { Database } from '#main/db/port.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import type { SalvageReport } from '#main/db/salvage/salvage-report.ts';
import { startWriting } from '#main/db/start.ts';
import { createCache } from '#main/services/cache/cache.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { claimArgs } from './queue/world.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const FILES = 3_000;
const PAGE = 4096;
const hex = (kind: string, seed: number): HexDigest => createHash(kind).update(String(seed)).digest('hex') as HexDigest;

const records: ItemRecord[] = Array.from({ length: FILES }, (_, seed) => ({
  digests: { md5: hex('md5', seed), sha1: hex('sha1', seed), sha256: hex('sha256', seed) },
  source: 1 + (seed % 5),
  status: seed % 5,
  noAnswer: null,
  score: seed / 10,
  threat: seed % 3 === 0 ? `Threat ${seed % 50}` : null,
  rawCode: seed === 7 ? 'x'.repeat(9_000) : null,
  firstSeen: seed,
  scannedAt: seed + 1,
}));

/** Which pages hold what, so that a damage hits what it says. */
interface Layout {
  readonly pages: number;
  of(table: string, kind: 'leaf' | 'internal'): readonly number[];
}

/** A seeded source of numbers, so that a failing damage can be made again. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Bytes = (change: (bytes: Buffer) => void) => void;
interface Damage {
  readonly name: string;
  apply(file: string, edit: Bytes, layout: Layout, pick: (below: number) => number): void;
}

const zeroPage = (bytes: Buffer, page: number): Buffer => bytes.fill(0, (page - 1) * PAGE, page * PAGE);
const flip = (bytes: Buffer, from: number, count: number, pick: (below: number) => number): void => {
  for (let at = from; at < from + count; at += 1) {
    bytes[at] = (bytes[at] as number) ^ (1 + pick(255));
  }
};
const any = (pages: readonly number[], pick: (below: number) => number): number => pages[pick(pages.length)] as number;

const zeroed = (table: string, kind: 'leaf' | 'internal'): Damage => ({
  name: `a zeroed ${kind} page of ${table}`,
  apply: (_file, edit, layout, pick) => edit((bytes) => zeroPage(bytes, any(layout.of(table, kind), pick))),
});
const flipped = (table: string, kind: 'leaf' | 'internal'): Damage => ({
  name: `flipped bytes at the head of a ${kind} page of ${table}`,
  apply: (_file, edit, layout, pick) =>
    edit((bytes) => flip(bytes, (any(layout.of(table, kind), pick) - 1) * PAGE, 64, pick)),
});

const DAMAGES: readonly Damage[] = [
  { name: 'a flipped magic', apply: (_f, edit, _l, pick) => edit((bytes) => flip(bytes, 0, 4, pick)) },
  { name: 'an impossible page size', apply: (_f, edit) => edit((bytes) => bytes.writeUInt16BE(4097, 16)) },
  { name: 'a zeroed header', apply: (_f, edit) => edit((bytes) => bytes.fill(0, 0, 100)) },
  { name: 'a zeroed first page', apply: (_f, edit) => edit((bytes) => zeroPage(bytes, 1)) },
  { name: 'a zeroed page map', apply: (_f, edit) => edit((bytes) => zeroPage(bytes, 2)) },
  zeroed('sqlite_schema', 'leaf'),
  zeroed('files', 'leaf'),
  zeroed('files', 'internal'),
  zeroed('items', 'leaf'),
  zeroed('items', 'internal'),
  zeroed('digest_keys', 'leaf'),
  zeroed('settings', 'leaf'),
  flipped('files', 'leaf'),
  flipped('files', 'internal'),
  flipped('items', 'leaf'),
  flipped('items', 'internal'),
  flipped('threat_names', 'leaf'),
  { name: 'half a page cut off', apply: (file) => truncateSync(file, statSync(file).size - PAGE / 2) },
  { name: 'three pages cut off', apply: (file) => truncateSync(file, statSync(file).size - 3 * PAGE) },
  { name: 'half the file cut off', apply: (file, _e, layout) => truncateSync(file, (layout.pages >> 1) * PAGE) },
  { name: 'everything cut off', apply: (file) => truncateSync(file, 0) },
  { name: 'the file deleted', apply: (file) => rmSync(file) },
  { name: 'some bytes after the end', apply: (file) => writeFileSync(file, Buffer.alloc(777, 0xa5), { flag: 'a' }) },
  {
    name: 'whole pages after the end',
    apply: (file) => writeFileSync(file, Buffer.alloc(8 * PAGE, 0xa5), { flag: 'a' }),
  },
  {
    name: 'five zeroed pages anywhere',
    apply: (_f, edit, layout, pick) =>
      edit((bytes) => [1, 2, 3, 4, 5].forEach(() => zeroPage(bytes, 3 + pick(layout.pages - 3)))),
  },
];

let whole = '';
let layout: Layout;
let total: { readonly files: number; readonly items: number };

beforeAll(async () => {
  whole = mkdtempSync(join(tmpdir(), 'assay-test-'));
  const database = await openInlineDatabase(whole);
  await database.write('importItems', { items: records, at: 5 }, 'bulk');
  await database.write('setSettings', { change: { analyst: 'kim', staleAfterDays: 9 }, at: 5 });
  await askForSome(database);
  const stats = await database.read('tableStats', undefined);
  total = { files: stats.files, items: stats.items.reduce((sum, row) => sum + row.count, 0) };
  await database.close();
  layout = layoutOf(database.file);
});
afterAll(() => rmSync(whole, { recursive: true, force: true }));

describe('a damaged database', () => {
  test('the undamaged one passes', async () => {
    const { database, directory } = await openCopy();
    expect(database.salvaged).toBeNull();
    expect((await createCache(database, { clock: { now: () => 0 } }).verify(() => undefined)).problems).toEqual([]);
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test.each(DAMAGES.map((damage, seed) => ({ ...damage, seed })))(
    '$name: found, kept, and every row saved or counted as lost',
    async (damage) => {
      const directory = copyOfWhole();
      const file = join(directory, 'assay.db');
      const edit: Bytes = (change) => {
        const bytes = readFileSync(file);
        change(bytes);
        writeFileSync(file, bytes);
      };
      damage.apply(file, edit, layout, random(damage.seed + 1));
      const damaged = readdirSync(directory).includes('assay.db') ? readFileSync(file) : null;

      const database = await openFound(directory);
      const report = database.salvaged;
      expect(report?.reason).toBeTruthy();
      const kept = readdirSync(directory).find((name) => /^assay\.db\.damaged-\d+$/.test(name));
      expect(damaged === null || kept === undefined ? null : readFileSync(join(directory, kept))).toEqual(damaged);

      const saved = await savedFiles(database);
      const wrong = saved.filter((sha256) => !known.has(sha256));
      expect(wrong).toEqual([]);
      // Without a file there is nothing to add up.
      const tables = damaged === null || damaged.length === 0 ? [] : (['files', 'items'] as const);
      expect(tables.filter((table) => !addsUp(report, table))).toEqual([]);
      expect(await database.read('verifyTables', undefined)).toEqual([]);
    },
  );

  test('a ledger that is lost counts again what was asked', async () => {
    const directory = copyOfWhole();
    const file = join(directory, 'assay.db');
    const bytes = readFileSync(file);
    for (const table of ['spend', 'queue_groups']) {
      zeroPage(bytes, layout.of(table, 'leaf')[0] ?? 0);
    }
    writeFileSync(file, bytes);
    const database = await openFound(directory);
    expect(await database.read('windowSpends', { source: 1, now: ASKED_AT, minuteMs: 60_000 })).toMatchObject(
      ['minute', 'hour', 'day', 'month'].map((window) => ({ window, spent: 2 })),
    );
    expect(await database.read('queueDepth', {})).toEqual({ waiting: QUEUED - 200, onTheWay: 100 });
    expect(await database.write('recoverRequests', { now: ASKED_AT })).toEqual({ requests: 1, rows: 100 });
    expect(await database.read('verifyTables', undefined)).toEqual([]);
  });

  test('what a killed process left in the log is saved too', async () => {
    const { directory, file } = killedCopy();
    const bytes = readFileSync(file);
    zeroPage(bytes, 1);
    writeFileSync(file, bytes);
    const database = await openFound(directory);
    expect(database.salvaged).not.toBeNull();
    expect((await database.read('allSettings', undefined)).analyst).toBe('late');
    expect(await savedFiles(database)).toHaveLength(FILES);
  });

  test('a log that was deleted is noticed', async () => {
    const { directory, file } = killedCopy();
    rmSync(`${file}-wal`);
    const database = await openFound(directory);
    expect(database.salvaged?.reason).toContain('log is missing');
    expect(await savedFiles(database)).toHaveLength(FILES);
  });

  test('a log without its index is the normal end of a killed process', async () => {
    const { directory, file } = killedCopy();
    rmSync(`${file}-shm`);
    const database = await openFound(directory);
    expect(database.salvaged).toBeNull();
    expect((await database.read('allSettings', undefined)).analyst).toBe('late');
  });
});

const QUEUED = 600;
const ASKED_AT = Date.UTC(2026, 0, 1, 12);

/** Leaves two hundred hashes asked about, of which half are on their way, and others queued. */
async function askForSome(database: Database): Promise<void> {
  const queued = records.slice(0, QUEUED);
  const digests = new Uint8Array(Buffer.from(queued.map((record) => record.digests.sha256).join(''), 'hex'));
  await database.write('enqueue', {
    source: 1,
    kind: 'sha256',
    digests,
    purpose: 'rescan',
    intakeId: null,
    stage: 0,
    stopOnMalicious: false,
    force: true,
    at: ASKED_AT,
  });
  for (const isHeard of [true, false]) {
    const { claim } = await database.write('claimRequest', {
      ...claimArgs(ASKED_AT, 0),
      hashesPerRequest: 100,
    });
    if (claim.kind === 'request' && isHeard) {
      await database.write('settleRequest', {
        requestId: claim.requestId,
        now: ASKED_AT,
        outcome: 'answer',
        httpStatus: 200,
        elapsedMs: 1,
        message: null,
        billed: 1,
        rows: claim.rows.map(({ id }) => ({
          queueId: id,
          outcome: 'answer' as const,
          next: 'done' as const,
          notBefore: 0,
          reason: null,
          items: [],
          countAttempt: true,
        })),
      });
    }
  }
}

const known = new Set(records.map((record) => record.digests.sha256 as string));

function addsUp(report: SalvageReport | null | undefined, table: 'files' | 'items'): boolean {
  const found = report?.tables.find((row) => row.table === table);
  return found !== undefined && (found.lost === null || found.saved + found.lost === total[table]);
}

/** Starts on the directory; when the quick check sees nothing, the full check must, and the next start acts on it. */
async function openFound(directory: string): Promise<Database> {
  const first = await openInlineDatabase(directory);
  if (first.salvaged === null) {
    await createCache(first, { clock: { now: () => 0 } }).verify(() => undefined);
    await first.close();
    const second = await openInlineDatabase(directory);
    onTestFinished(() => second.close());
    return second;
  }
  onTestFinished(() => first.close());
  return first;
}

async function savedFiles(database: Database): Promise<string[]> {
  const rows = await database.read('itemsPage', { afterFile: 0, afterSource: 0, limit: 100_000 });
  return rows.map((row) => row.digests.sha256 ?? '');
}

function copyOfWhole(): string {
  const directory = temporaryDirectory();
  cpSync(whole, directory, { recursive: true });
  return directory;
}

async function openCopy(): Promise<{ database: Database; directory: string }> {
  const directory = copyOfWhole();
  const database = await openInlineDatabase(directory);
  onTestFinished(() => database.close());
  return { database, directory };
}

/** The files as a process leaves them that is killed after a write: the write is only in the log. */
function killedCopy(): { directory: string; file: string } {
  const living = copyOfWhole();
  const started = startWriting(join(living, 'assay.db'));
  started.db.pragma('wal_autocheckpoint = 0');
  started.db.prepare("UPDATE settings SET value = '\"late\"' WHERE key = 'analyst'").run();
  const directory = temporaryDirectory();
  for (const name of readdirSync(living)) {
    copyFileSync(join(living, name), join(directory, name));
  }
  started.db.close();
  started.use.release();
  return { directory, file: join(directory, 'assay.db') };
}

function layoutOf(file: string): Layout {
  const db = new BetterSqlite3(file, { readonly: true });
  const rows = db.prepare('SELECT name, pagetype, pageno FROM dbstat').all() as {
    name: string;
    pagetype: string;
    pageno: number;
  }[];
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.close();
  return {
    pages,
    of(table, kind) {
      const found = rows.filter((row) => row.name === table && row.pagetype === kind).map((row) => row.pageno);
      expect(found.length, `${table} has ${kind} pages`).toBeGreaterThan(0);
      return found;
    },
  };
}
