import { describe, expect, test } from 'vitest';
import { NO_ANSWER_CODE } from '#main/db/codes.ts';
import type { Claim, SettledItem } from '#main/db/repositories/queue-types.ts';
import { CHANGE, METRIC } from '#main/db/change-kinds.ts';
import { item, md5, NOON, queueWorld, sha1, sha256, VIRUSTOTAL, WILDFIRE, write, type QueueWorld } from './world.ts';

const A = sha256('a');
const B = sha256('b');
const NOW = NOON / 1000;

/** Settles a claim with items, a list per hash. */
function answer(
  world: QueueWorld,
  claim: Extract<Claim, { kind: 'request' }>,
  ...items: readonly (readonly SettledItem[])[]
): void {
  world.settle(
    claim,
    {},
    {
      rows: claim.rows.map(({ id }, index) => ({
        queueId: id,
        outcome: 'answer',
        next: 'done',
        notBefore: 0,
        reason: null,
        countAttempt: true,
        items: items[index] ?? [],
      })),
    },
  );
}

function ask(world: QueueWorld, ...items: readonly SettledItem[]): void {
  world.enqueue([sha256('asked')], { force: true });
  answer(world, world.claimed(), items);
}

const stored = (world: QueueWorld) => world.reads.itemsPage(world.db, { afterFile: 0, afterSource: 0, limit: 9 });
const fileOf = (world: QueueWorld, hash: string): number => world.reads.filesByDigest(world.db, { hash })[0]?.id ?? 0;

test('digests a source names together become one file', () => {
  const world = queueWorld();
  write(world.db, 'importItems', {
    items: [item({ md5: md5('a') }, 'malicious', NOW - 5, { source: VIRUSTOTAL })],
    at: NOW,
  });
  ask(world, item({ sha256: A, sha1: sha1('a'), md5: md5('a') }, 'malicious', NOW));
  expect(world.reads.filesByDigest(world.db, { hash: sha1('a') })).toHaveLength(1);
  expect(stored(world).map((row) => [row.source, row.digests])).toEqual([
    [WILDFIRE, { sha256: A, sha1: sha1('a'), md5: md5('a') }],
    [VIRUSTOTAL, { sha256: A, sha1: sha1('a'), md5: md5('a') }],
  ]);
  expect(world.reads.verifyTables(world.db)).toEqual([]);
});

describe('an answer is never lost', () => {
  test('to that it could not be asked, before or after', () => {
    const world = queueWorld();
    const put = (hash: string) =>
      write(world.db, 'putCouldNotAsk', {
        source: WILDFIRE,
        kind: 'sha256',
        digests: new Uint8Array(Buffer.from(hash, 'hex')),
        reason: 'No key.',
        at: NOON + 60_000,
      });
    put(A);
    ask(world, item({ sha256: A }, 'malicious', NOW), item({ sha256: B }, 'suspicious', NOW));
    put(A);
    put(B);
    expect(stored(world).map((row) => [row.status, row.noAnswer])).toEqual([
      [4, null],
      [3, null],
    ]);
    // The third was queued by `ask` and never answered.
    expect(world.reads.sourceCounts(world.db)).toMatchObject([{ items: 3, processed: 2, malicious: 1 }]);
  });

  test('when the stored one is of the same second, or seems younger because the clock was set', () => {
    const world = queueWorld();
    ask(world, item({ sha256: A }, 'pending', NOW));
    ask(world, item({ sha256: A }, 'malicious', NOW));
    expect(stored(world)[0]?.status).toBe(4);
    ask(world, item({ sha256: A }, 'non-malicious', NOW - 86_400));
    expect(stored(world)[0]).toMatchObject({ status: 2, scannedAt: NOW - 86_400 });
  });

  test('to an answer of another day in an import', () => {
    const world = queueWorld();
    ask(world, item({ sha256: A }, 'malicious', NOW));
    write(world.db, 'importItems', { items: [item({ sha256: A }, 'unknown', NOW - 5)], at: NOW });
    expect(stored(world)[0]?.status).toBe(4);
  });

  test('when two files turn out to be one, of which one could not be asked about', () => {
    const world = queueWorld();
    ask(world, item({ sha256: A }, 'malicious', NOW, { report: '{"a":1}' }));
    const put = { source: WILDFIRE, kind: 'md5', reason: 'x', at: NOON + 9000 } as const;
    write(world.db, 'putCouldNotAsk', { ...put, digests: new Uint8Array(Buffer.from(md5('a'), 'hex')) });
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a') }], at: 1 });
    expect(stored(world).map((row) => [row.status, row.noAnswer])).toEqual([[4, null]]);
    expect(world.reads.verifyTables(world.db)).toEqual([]);
  });

  test('and may stand for several files', () => {
    const world = queueWorld();
    ask(
      world,
      item({ sha256: A, md5: md5('same') }, 'malicious', NOW),
      item({ sha256: B, md5: md5('same') }, 'non-malicious', NOW),
    );
    expect(stored(world).map((row) => [row.digests.sha256, row.status])).toEqual([
      [A, 4],
      [B, 2],
    ]);
  });
});

describe('reports', () => {
  const text = JSON.stringify({ names: ['one', 'two'], sizes: [1, 2, 3] });
  const report = (world: QueueWorld, hash: string) =>
    world.reads.reportOf(world.db, { fileId: fileOf(world, hash), source: WILDFIRE });

  test('are kept beside the item and replaced with it', () => {
    const world = queueWorld();
    ask(world, item({ sha256: A }, 'non-malicious', NOW, { report: text }));
    expect(report(world, A)).toEqual({ at: NOON, report: text });
    ask(world, item({ sha256: A }, 'unknown', NOW, { noAnswer: NO_ANSWER_CODE['not-known'] }));
    expect(report(world, A)).toBeNull();
  });

  test('of good files are dropped when only bad ones are kept', () => {
    const world = queueWorld();
    write(world.db, 'setSettings', { change: { keepReports: 'malicious-and-suspicious' }, at: NOW });
    ask(
      world,
      item({ sha256: A }, 'malicious', NOW, { report: text }),
      item({ sha256: B }, 'non-malicious', NOW, { report: text }),
    );
    expect([report(world, A)?.report, report(world, B)]).toEqual([text, null]);
    ask(world, item({ sha256: A }, 'non-malicious', NOW, { report: text }));
    expect(report(world, A)).toBeNull();
  });

  test('follow their item when files become one', () => {
    const world = queueWorld();
    ask(world, item({ md5: md5('a') }, 'malicious', NOW - 10, { report: '"older"' }));
    ask(world, item({ sha256: A }, 'malicious', NOW, { report: '"newer"' }));
    ask(world, item({ sha1: sha1('a') }, 'malicious', NOW, { source: VIRUSTOTAL, report: '"other"' }));
    write(world.db, 'learnComputedLinks', { sets: [{ sha256: A, md5: md5('a'), sha1: sha1('a') }], at: 1 });
    const rows = world.db.prepare('SELECT file_id AS fileId, source FROM reports ORDER BY source').all();
    const fileId = fileOf(world, A);
    expect(rows).toEqual([
      { fileId, source: WILDFIRE },
      { fileId, source: VIRUSTOTAL },
    ]);
    expect(report(world, A)?.report).toBe('"newer"');
    expect(world.reads.verifyTables(world.db)).toEqual([]);
  });
});

test('when an item is due again is kept with it and goes when it is not', () => {
  const world = queueWorld();
  const due = () => world.db.prepare('SELECT next_scan_at FROM items WHERE no_answer IS NOT 3').pluck().get();
  ask(world, item({ sha256: A }, 'pending', NOW, { notBefore: NOW + 600 }));
  expect(due()).toBe(NOW + 600);
  ask(world, item({ sha256: A }, 'pending', NOW, { notBefore: NOW + 900 }));
  expect(due()).toBe(NOW + 900);
  ask(world, item({ sha256: A }, 'malicious', NOW));
  expect(due()).toBeNull();
});

test('the record tells what was asked and what came of each hash', () => {
  const world = queueWorld();
  world.enqueue([A, B], { purpose: 'person' });
  const claim = world.claimed();
  const page = () => world.reads.requestsPage(world.db, { source: null, offset: 0, limit: 5 });
  expect(page().rows[0]).toMatchObject({
    outcome: null,
    settledAt: null,
    hashes: 2,
    kind: 'sha256',
    purpose: 'person',
  });
  expect(world.reads.requestHashes(world.db, { requestId: claim.requestId })).toEqual([
    { hash: A, outcome: null },
    { hash: B, outcome: null },
  ]);
  world.pass(300);
  world.settle(
    claim,
    {},
    {
      rows: claim.rows.map(({ id }, index) => ({
        queueId: id,
        outcome: index === 0 ? 'not-known' : 'protocol',
        next: index === 0 ? 'done' : 'retry',
        notBefore: NOON + 5000,
        reason: 'The answer left it out.',
        countAttempt: index === 1,
        items: [],
      })),
    },
  );
  expect(world.reads.requestHashes(world.db, { requestId: claim.requestId })).toEqual([
    { hash: A, outcome: 'not-known' },
    { hash: B, outcome: 'protocol' },
  ]);
  expect(page()).toMatchObject({ total: 1, rows: [{ outcome: 'answer', httpStatus: 200, elapsedMs: 120, billed: 1 }] });
  expect(world.reads.answeredSince(world.db, { at: NOON })).toBe(1);
  expect(world.reads.answeredSince(world.db, { at: NOON + 301 })).toBe(0);
  world.pass(10_000);
  expect(world.claimed().rows).toMatchObject([{ attempts: 1, purpose: 'person' }]);
  const metrics = world.db.prepare('SELECT kind, source, amount, detail FROM metric_events ORDER BY id').all();
  expect(metrics).toEqual([
    { kind: METRIC.requestSettled, source: WILDFIRE, amount: 1, detail: 'answer' },
    { kind: METRIC.requestMs, source: WILDFIRE, amount: 120, detail: null },
    { kind: METRIC.callsBilled, source: WILDFIRE, amount: 1, detail: null },
    { kind: METRIC.pairsSent, source: WILDFIRE, amount: 2, detail: null },
  ]);
});

test('those who follow the data are told of items and the queue', () => {
  const world = queueWorld();
  const since = world.reads.lastSeq(world.db);
  world.enqueue([A]);
  answer(world, world.claimed(), [item({ sha256: A }, 'malicious', NOW)]);
  const changes = world.reads.changesSince(world.db, { since, limit: 9 });
  expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
    [CHANGE.queue, WILDFIRE],
    [CHANGE.item, fileOf(world, A)],
    [CHANGE.queue, WILDFIRE],
  ]);
});

test('settling twice, late, or for other data changes no row of another request', () => {
  const world = queueWorld();
  world.enqueue([A]);
  const first = world.claimed();
  write(world.db, 'recoverRequests', { now: world.now() });
  const second = world.claimed();
  expect(second.rows).toMatchObject([{ attempts: 0 }]);
  expect(world.settle(first)).toBe(0);
  expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 0, onTheWay: 1 });
  expect(world.settle(second)).toBe(1);
  expect(world.settle({ ...second, requestId: 999 })).toBe(0);
  expect(world.reads.queueGroups(world.db)).toMatchObject([{ waiting: 0, done: 1, dropped: 0 }]);
});

test('old requests are dropped, not those of this month, on their way or counted', () => {
  const world = queueWorld();
  world.enqueue([A, B, sha256('c')]);
  world.settle(world.claimed({ hashesPerRequest: 1 }));
  world.claimed({ hashesPerRequest: 1 });
  const prune = (before: number, now: number) => write(world.db, 'pruneRequests', { before, now });
  expect(prune(NOON + 1, NOON + 1)).toBe(0);
  const nextMonth = Date.UTC(2026, 3, 2);
  expect(prune(nextMonth, nextMonth)).toBe(1);
  expect(world.reads.requestsPage(world.db, { source: null, offset: 0, limit: 5 }).rows).toMatchObject([
    { settledAt: null },
  ]);
  expect(world.db.prepare("SELECT sum(spent) FROM spend WHERE window = 'month'").pluck().get()).toBe(2);
  const earlier = world.db.prepare(
    "INSERT INTO spend SELECT source, 'day', start - ? * 86400000, 7 FROM spend WHERE window = 'day' AND spent < 7",
  );
  for (const days of [1, 2, 3, 4]) {
    earlier.run(days);
  }
  prune(nextMonth, NOON + 200 * 86_400_000);
  // The last three of each kind stay.
  expect(world.db.prepare('SELECT window, count(*) FROM spend GROUP BY window').raw().all()).toEqual([
    ['day', 3],
    ['hour', 1],
    ['month', 1],
  ]);
});

describe('what is remembered of a source', () => {
  const set = (world: QueueWorld, change: object, unlessPaused?: boolean) =>
    write(world.db, 'setSourceState', { source: WILDFIRE, change, at: NOON, unlessPaused });

  test('changes field by field', () => {
    const world = queueWorld();
    const learned = [{ window: 'day', allowed: 10, used: 2, at: NOON, others: 3 }] as const;
    set(world, { learned, faults: 2 });
    set(world, { state: 'open', reason: 'Five faults in a row.', until: NOON + 1 });
    expect(world.reads.sourceStates(world.db)).toEqual([
      {
        source: WILDFIRE,
        state: 'open',
        reason: 'Five faults in a row.',
        until: NOON + 1,
        faults: 2,
        lastAnswerAt: null,
        learned,
        updatedAt: NOON,
      },
    ]);
  });

  test('stays paused when somebody paused it meanwhile', () => {
    const world = queueWorld();
    set(world, { state: 'paused', reason: 'By ada.' });
    set(world, { state: 'ready', reason: null, faults: 3 }, true);
    expect(world.reads.sourceStates(world.db)).toMatchObject([{ state: 'paused', reason: 'By ada.', faults: 3 }]);
    set(world, { state: 'ready', reason: null });
    expect(world.reads.sourceStates(world.db)).toMatchObject([{ state: 'ready', reason: null, faults: 3 }]);
  });

  test('its settings come back as they were kept', () => {
    const world = queueWorld();
    write(world.db, 'setSourceConfig', { source: WILDFIRE, config: { url: 'https://example.org' }, at: NOON });
    write(world.db, 'setSourceConfig', { source: WILDFIRE, config: { enabled: true }, at: NOON });
    expect(world.reads.sourceConfigs(world.db)).toEqual([{ source: WILDFIRE, config: { enabled: true } }]);
  });
});

describe('an intake', () => {
  const intake = (world: QueueWorld) =>
    write(world.db, 'createIntake', {
      title: 't',
      door: 'paste',
      createdAt: NOW,
      readBy: 'r',
      origin: [],
      process: '',
    });

  test('put under embargo waits for nothing any more', () => {
    const world = queueWorld();
    const id = intake(world);
    const shared = sha256('shared');
    world.enqueue([A, shared], { intakeId: id });
    world.enqueue([B]);
    // What others wait for too, whoever came first.
    world.enqueue([shared], { intakeId: 44 });
    world.enqueue([sha256('other')], { intakeId: 44 });
    world.enqueue([sha256('other')], { intakeId: id });
    expect(write(world.db, 'setIntakeEmbargo', { id, embargo: true })).toBe(true);
    expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 1, onTheWay: 0 });
    expect(write(world.db, 'setIntakeEmbargo', { id: 77, embargo: true })).toBe(false);
  });

  test('that is forgotten leaves nothing but what others wait for', () => {
    const world = queueWorld();
    const id = intake(world);
    const other = intake(world);
    world.enqueue([A, B, sha256('c')], { intakeId: id });
    world.enqueue([B], { intakeId: other });
    write(world.db, 'pauseQueue', { intakeId: id, paused: true, at: NOON });
    write(world.db, 'pauseQueue', { intakeId: id, paused: false, at: NOON });
    write(world.db, 'pauseQueue', { intakeId: id, purpose: 'rescan', paused: true, at: NOON });
    const bytes = new Uint8Array(Buffer.from(A, 'hex'));
    write(world.db, 'setEmbargoKeys', { intakeId: id, digests: [{ kind: 'sha256', bytes }] });
    const claim = world.claimed({ hashesPerRequest: 1 });
    expect(write(world.db, 'removeIntake', { id, at: NOW })).toBe(true);
    world.settle(claim, { next: 'retry', outcome: 'transient' });
    expect(world.reads.queueGroups(world.db).filter((group) => group.intakeId === id)).toEqual([]);
    expect(world.reads.queueDepth(world.db, {})).toEqual({ waiting: 1, onTheWay: 0 });
    for (const table of ['embargo_keys', 'queue_pauses', 'queue_also']) {
      expect(world.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
    }
  });
});
