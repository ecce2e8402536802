import { describe, expect, test } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import type { SettledItem } from '#main/db/repositories/queue-types.ts';
import { allSettings } from '#main/db/repositories/settings.ts';
import type { Status } from '#shared/domain/status.ts';
import { item, md5, NOON, queueWorld, sha256, VIRUSTOTAL, WILDFIRE, write, type QueueWorld } from '../queue/world.ts';

const NOW = NOON / 1000;
const A = sha256('a');
const B = sha256('b');

function say(world: QueueWorld, hash: string, source: number, status: Status, more: Partial<SettledItem> = {}): void {
  const said = {
    ...item({ sha256: hash as SettledItem['digests']['sha256'] & string }, status, world.now() / 1000),
    source,
    ...more,
  };
  write(world.db, 'importItems', { items: [said], at: world.now() / 1000 });
  world.pass(60_000);
}

const page = (world: QueueWorld, more: object = {}) =>
  world.reads.disagreementsPage(world.db, { now: world.now() / 1000, offset: 0, limit: 9, ...more });
const open = (world: QueueWorld) => page(world).rows.map(({ fileId, since }) => [fileId, since]);
const thresholds = (world: QueueWorld, malicious: number | null, suspicious: number | null) =>
  write(world.db, 'setSettings', { change: { virustotalThreshold: { malicious, suspicious } }, at: NOW });

describe('a disagreement', () => {
  test('begins with the second of two answers that contradict, and ends when they do not', () => {
    const world = queueWorld();
    say(world, A, WILDFIRE, 'malicious');
    expect(open(world)).toEqual([]);
    say(world, A, VIRUSTOTAL, 'non-malicious');
    expect(open(world)).toEqual([[1, NOW + 60]]);
    say(world, A, VIRUSTOTAL, 'non-malicious', { threat: 'other' });
    expect(open(world)).toEqual([[1, NOW + 60]]);
    say(world, A, WILDFIRE, 'non-malicious');
    expect(open(world)).toEqual([]);
    say(world, A, VIRUSTOTAL, 'suspicious');
    expect(open(world)).toEqual([[1, NOW + 240]]);
    const changes = world.reads.changesSince(world.db, { since: 0, limit: 99 });
    expect(changes.filter(({ kind }) => kind === CHANGE.disagreement).map(({ id }) => id)).toEqual([1, 1, 1]);
  });

  test.each([
    ['malicious', 'suspicious'],
    ['malicious', 'unknown'],
    ['non-malicious', 'pending'],
    ['non-malicious', 'unknown'],
  ] as const)('is none between %s and %s', (one, other) => {
    const world = queueWorld();
    say(world, A, WILDFIRE, one);
    say(world, A, VIRUSTOTAL, other, other === 'unknown' ? { noAnswer: 1 } : {});
    expect(open(world)).toEqual([]);
  });

  test('may come with one batch of answers', () => {
    const world = queueWorld();
    const items = [
      item({ sha256: A }, 'malicious', NOW),
      item({ sha256: A }, 'non-malicious', NOW, { source: VIRUSTOTAL }),
      item({ sha256: B }, 'malicious', NOW),
    ];
    write(world.db, 'importItems', { items, at: NOW });
    expect(open(world)).toEqual([[1, NOW]]);
  });

  test('comes with what is heard, and shows what each source says', () => {
    const world = queueWorld();
    say(world, A, VIRUSTOTAL, 'non-malicious', { score: 0 });
    world.enqueue([A]);
    expect(open(world)).toEqual([]);
    world.settle(world.claimed(), { items: [item({ sha256: A }, 'malicious', NOW + 60, { threat: 'Trojan' })] });
    expect(page(world)).toMatchObject({
      total: 1,
      isAtLeast: false,
      rows: [
        {
          file: [1, null, null, Buffer.from(A, 'hex'), 0],
          items: [
            { source: WILDFIRE, status: 4, threat: 'Trojan' },
            { source: VIRUSTOTAL, status: 2, score: 0 },
          ],
        },
      ],
    });
  });

  test('is found when files turn out to be one, and keeps the earlier moment', () => {
    const world = queueWorld();
    const join = () => write(world.db, 'learnComputedLinks', { sets: [{ md5: md5('a'), sha256: A }], at: NOW + 500 });
    const byMd5 = (source: number, status: Status) =>
      write(world.db, 'importItems', { items: [item({ md5: md5('a') }, status, NOW, { source })], at: NOW });
    byMd5(VIRUSTOTAL, 'non-malicious');
    byMd5(2, 'malicious');
    world.pass(60_000);
    say(world, A, WILDFIRE, 'malicious');
    expect(open(world)).toEqual([[1, NOW]]);
    join();
    expect(open(world)).toEqual([[1, NOW]]);
    const other = queueWorld();
    write(other.db, 'importItems', { items: [item({ md5: md5('a') }, 'non-malicious', NOW)], at: NOW });
    say(other, A, VIRUSTOTAL, 'malicious');
    expect(open(other)).toEqual([]);
    write(other.db, 'learnComputedLinks', { sets: [{ md5: md5('a'), sha256: A }], at: NOW + 500 });
    expect(open(other)).toEqual([[1, NOW + 500]]);
    expect(other.reads.verifyTables(other.db)).toEqual([]);
  });

  test('goes by thresholds, and those of all files are looked at again once they changed', () => {
    const world = queueWorld();
    thresholds(world, 5, null);
    for (let n = 0; n < 12; n += 1) {
      say(world, sha256(n), VIRUSTOTAL, 'non-malicious', { score: n });
      say(world, sha256(n), WILDFIRE, 'non-malicious');
    }
    const files = () =>
      page(world, { limit: 99 })
        .rows.map(({ fileId }) => fileId - 1)
        .toSorted((a, b) => a - b);
    expect(files()).toEqual([5, 6, 7, 8, 9, 10, 11]);
    thresholds(world, 8, null);
    const found: number[] = [];
    let stretches = 0;
    for (let after: number | null = 0; after !== null; stretches += 1) {
      const { fileIds, next }: { fileIds: readonly number[]; next: number | null } = world.reads.disagreementsToSettle(
        world.db,
        { after, limit: 10 },
      );
      found.push(...fileIds);
      write(world.db, 'settleDisagreements', { fileIds, at: NOW + 9999 });
      after = next;
    }
    expect([found, stretches > 2]).toEqual([[6, 7, 8], true]);
    expect(files()).toEqual([8, 9, 10, 11]);
    expect(world.reads.disagreementsToSettle(world.db, { after: 0, limit: 999 })).toEqual({ fileIds: [], next: null });
    expect(allSettings(world.db).virustotalThreshold.malicious).toBe(8);
  });
});

describe('the list of open ones', () => {
  function disputed(count: number): QueueWorld {
    const world = queueWorld();
    for (let n = 1; n <= count; n += 1) {
      const digests = { sha256: sha256(n), md5: md5(n) };
      const items = [item(digests, 'malicious', NOW), item(digests, 'non-malicious', NOW, { source: VIRUSTOTAL })];
      write(world.db, 'importItems', { items, at: NOW + n });
    }
    return world;
  }
  const list = (world: QueueWorld, n: number, more: object = {}) =>
    world.db
      .prepare(
        'INSERT INTO hash_list (id, side, md5, added_by, added_at, updated_at, expires_at) VALUES (?, 4, ?, ?, 1, 1, ?)',
      )
      .run(n, Buffer.from(md5(n), 'hex'), 'kim', (more as { until?: number }).until ?? null);

  test('is paged newest first', () => {
    const world = disputed(5);
    const ids = (offset: number) => page(world, { offset, limit: 2 }).rows.map(({ fileId }) => fileId);
    expect([ids(0), ids(2), ids(4), ids(6)]).toEqual([[5, 4], [3, 2], [1], []]);
    expect(page(world, { offset: 6 }).total).toBe(5);
  });

  test('leaves out what is on the hash list under any digest, while it is in force', () => {
    const world = disputed(3);
    for (const [n, until] of [
      [1, null],
      [2, world.now() / 1000],
      [3, world.now() / 1000 + 1],
    ] as const) {
      list(world, n, { until });
      world.db.prepare('INSERT INTO hash_list_keys VALUES (?, ?)').run(Number.parseInt(md5(n).slice(0, 12), 16), n);
    }
    expect(page(world)).toMatchObject({ total: 1, rows: [{ fileId: 2 }] });
  });

  test('is counted up to ten thousand', () => {
    const world = queueWorld();
    world.db.exec(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10001)
        INSERT INTO files (id, sha256) SELECT n, CAST(printf('%032d', n) AS BLOB) FROM numbers;
      INSERT INTO disagreements SELECT id, id FROM files`);
    expect(page(world, { offset: 9999 })).toMatchObject({ total: 10_000, isAtLeast: true, rows: [{ fileId: 2 }] });
    world.db.exec('DELETE FROM disagreements WHERE file_id = 1');
    expect(page(world)).toMatchObject({ total: 10_000, isAtLeast: false });
  });
});
