import { describe, expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import type { AgedFile, AgedRule } from '#main/db/repositories/life/aged.ts';
import type { ItemRecord } from '#main/db/repositories/item-writer.ts';
import { counterProblems } from '#main/db/repositories/stats.ts';
import { item, md5, queueWorld, sha256, VIRUSTOTAL, write, type QueueWorld } from '../queue/world.ts';

const DAYS = 86_400;
/** Day 20,000 since the epoch, in seconds. */
const THEN = 20_000 * DAYS;
const NOW = THEN + 200 * DAYS;
const OLD: AgedRule = { kind: 'not-asked', before: 20_100 };

function keep(world: QueueWorld, items: readonly ItemRecord[], at = THEN): void {
  write(world.db, 'importItems', { items, at });
}

function named(world: QueueWorld, rule: AgedRule): AgedFile[] {
  const files: AgedFile[] = [];
  for (let after: number | null = 0; after !== null;) {
    const page: ReturnType<typeof reads.agedPage> = reads.agedPage(world.db, { rule, after, now: NOW });
    files.push(...page.files);
    after = page.next;
  }
  return files;
}

function purge(world: QueueWorld, rule: AgedRule) {
  const fileIds = named(world, rule).map(({ id }) => id);
  return write(world.db, 'removeAged', { rule, fileIds, intakes: [], now: NOW, countedAt: NOW });
}

function verify(world: QueueWorld): string[] {
  return reads.verifyTables(world.db);
}

describe('what nobody asked for', () => {
  test('goes with its report, its history, its keys and its file, and the counters follow', () => {
    const world = queueWorld();
    keep(world, [
      item({ md5: md5(1), sha256: sha256(1) }, 'non-malicious', 100),
      item({ sha256: sha256(2) }, 'unknown', 100),
    ]);
    keep(world, [item({ sha256: sha256(3) }, 'unknown', 100)], NOW);
    world.db.prepare("INSERT INTO reports VALUES (1, 1, 0, x'00')").run();
    world.db
      .prepare('INSERT INTO item_history VALUES (1, 1, 1, 1, 2, 0, NULL, NULL, NULL, 2, NULL, NULL, NULL, 0)')
      .run();
    expect(named(world, OLD).map(({ id, isWhole }) => [id, isWhole])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(purge(world, OLD)).toEqual({
      items: 2,
      files: 2,
      reports: 1,
      groups: [
        { source: 1, status: 2, items: 1 },
        { source: 1, status: 0, items: 1 },
      ],
      done: 2,
      newIntakes: [],
    });
    for (const table of ['reports', 'item_history']) {
      expect(world.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
    }
    expect(reads.filesByDigest(world.db, { hash: md5(1) })).toEqual([]);
    expect([counterProblems(world.db), verify(world)]).toEqual([[], []]);
    expect(
      world.db.prepare('SELECT source, amount, detail FROM metric_events WHERE kind = 9 ORDER BY id').raw().all(),
    ).toEqual([
      [1, 1, 'not-asked-for non-malicious'],
      [1, 1, 'not-asked-for unknown'],
    ]);
  });

  test('leaves what it cannot name: files one source calls malicious, listed files, queued files, and says why', () => {
    const world = queueWorld();
    keep(world, [
      item({ sha256: sha256(1) }, 'malicious', 100),
      item({ sha256: sha256(1) }, 'non-malicious', 100, { source: VIRUSTOTAL }),
      item({ md5: md5(2), sha256: sha256(2) }, 'suspicious', 100),
      item({ md5: md5(3), sha256: sha256(3) }, 'unknown', 100),
    ]);
    world.db
      .exec(`INSERT INTO hash_list (id, side, md5, added_by, added_at, updated_at) VALUES (1, 2, x'${md5(2)}', 'a', 1, 1);
      INSERT INTO hash_list_keys VALUES (${Number.parseInt(md5(2).slice(0, 12), 16)}, 1)`);
    world.enqueue([md5(3)], { kind: 'md5', purpose: 'rescan', at: THEN * 1000 });
    const files = named(world, OLD);
    const kept = { malicious: 0, hashList: 0, queued: 0 };
    expect(files.map((file) => [file.items.length, file.kept, file.isWhole])).toEqual([
      [0, { ...kept, malicious: 2 }, false],
      [0, { ...kept, hashList: 1 }, false],
      [0, { ...kept, queued: 1 }, false],
    ]);
    purge(world, OLD);
    expect(reads.itemsOfFile(world.db, { fileId: 1 }).map(({ source }) => source)).toEqual([1, VIRUSTOTAL]);
    expect(reads.itemsOfFile(world.db, { fileId: 2 })).toHaveLength(1);
    expect(reads.itemsOfFile(world.db, { fileId: 3 })).toHaveLength(1);
    world.db.prepare('UPDATE hash_list SET expires_at = ?').run(NOW - 1);
    purge(world, OLD);
    expect(reads.itemsOfFile(world.db, { fileId: 2 })).toHaveLength(0);
    expect([counterProblems(world.db), verify(world)]).toEqual([[], []]);
  });

  test('counts as malicious by the thresholds in force', () => {
    const world = queueWorld();
    keep(world, [item({ sha256: sha256(1) }, 'non-malicious', 100, { source: VIRUSTOTAL, score: 3 })]);
    write(world.db, 'setSettings', { change: { virustotalThreshold: { malicious: 3, suspicious: null } }, at: 1 });
    expect(named(world, OLD)[0]?.kept.malicious).toBe(1);
  });

  test('stays when it was asked for since, also before the day is merged', () => {
    const world = queueWorld();
    keep(world, [
      item({ md5: md5(1), sha256: sha256(1) }, 'unknown', 100),
      item({ sha256: sha256(2) }, 'unknown', 100),
    ]);
    const staged = (day: number): number =>
      write(world.db, 'stageAsked', { digests: [Buffer.from(md5(1), 'hex')], day });
    expect([staged(20_150), staged(20_150), staged(20_149)]).toEqual([1, 0, 0]);
    expect(named(world, OLD).map(({ id }) => id)).toEqual([2]);
    expect([write(world.db, 'mergeAsked', undefined), write(world.db, 'mergeAsked', undefined)]).toEqual([1, 0]);
    expect(named(world, OLD).map(({ id }) => id)).toEqual([2]);
    expect(staged(20_150)).toBe(0);
  });

  test('nothing goes while an intake is kept that the caller did not look into', () => {
    const world = queueWorld();
    keep(world, [item({ sha256: sha256(1) }, 'unknown', 100)]);
    world.db.exec(
      "INSERT INTO intakes (id, state, title, door, created_at, read_by) VALUES (7, 'ready', 't', 'd', 1, 'r')",
    );
    const args = { rule: OLD, fileIds: [1], now: NOW, countedAt: NOW };
    expect(write(world.db, 'removeAged', { ...args, intakes: [] })).toMatchObject({
      items: 0,
      done: 0,
      newIntakes: [7],
    });
    expect(write(world.db, 'removeAged', { ...args, intakes: [7] })).toMatchObject({
      items: 1,
      done: 1,
      newIntakes: [],
    });
  });
});

test('a file that only its own bytes tied together goes after the day its intake was last asked for', () => {
  const world = queueWorld();
  write(world.db, 'learnComputedLinks', { sets: [{ md5: md5(1), sha256: sha256(1) }], at: 1 });
  const rule = { kind: 'linked', before: 20_100 } as const;
  expect(named(world, rule)).toEqual([]);
  write(world.db, 'askedByDigests', { kind: 'md5', digests: Buffer.from(md5(1), 'hex'), day: 20_050 });
  write(world.db, 'mergeAsked', undefined);
  expect(named(world, rule).map(({ id }) => id)).toEqual([1]);
  expect(purge(world, rule)).toMatchObject({ items: 0, files: 1 });
  expect([counterProblems(world.db), verify(world)]).toEqual([[], []]);
});

test('the file that comes after the newest one was removed gets a new id', () => {
  const world = queueWorld();
  keep(world, [item({ sha256: sha256(1) }, 'unknown', 100), item({ sha256: sha256(2) }, 'unknown', 100)]);
  purge(world, OLD);
  keep(world, [item({ sha256: sha256(3) }, 'unknown', 100)]);
  expect(reads.filesByDigest(world.db, { hash: sha256(3) })[0]?.id).toBe(3);
});

test('free pages go back to the disk in steps', () => {
  const world = queueWorld();
  keep(
    world,
    Array.from({ length: 20_000 }, (_, n) => item({ sha256: sha256(n) }, 'unknown', 100)),
  );
  purge(world, OLD);
  const before = world.db.pragma('page_count', { simple: true }) as number;
  expect(write(world.db, 'returnPages', undefined)).toBeGreaterThan(300);
  expect(world.db.pragma('freelist_count', { simple: true })).toBe(0);
  expect(world.db.pragma('page_count', { simple: true })).toBeLessThan(before - 300);
});
