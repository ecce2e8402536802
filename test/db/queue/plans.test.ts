import { expect, test } from 'vitest';
import type { WritableDb } from '#main/db/handles.ts';
import { reads, writes } from '#main/db/repositories/index.ts';
import {
  claimArgs,
  item,
  md5,
  NO_LIMITS,
  NOON,
  packed,
  queueWorld,
  sha1,
  sha256,
  VIRUSTOTAL,
  WILDFIRE,
} from './world.ts';
import { statementsOf } from '../statements.ts';
import { write, type QueueWorld } from './world.ts';

/** A queue in which every rule has something to look at. */
function filled(): QueueWorld {
  const world = queueWorld();
  const hashes = Array.from({ length: 50 }, (_, index) => sha256(index));
  write(world.db, 'importItems', {
    items: hashes.slice(0, 20).map((hash, index) => item({ sha256: hash, md5: md5(index) }, 'malicious', NOON / 1000)),
    at: NOON / 1000,
  });
  world.enqueue(hashes, { source: VIRUSTOTAL, intakeId: 4 });
  world.enqueue(hashes, { stage: 1, stopOnMalicious: true, intakeId: 4 });
  world.enqueue(hashes.slice(0, 9), { intakeId: 5 });
  world.enqueue([sha1('x')], { kind: 'sha1', purpose: 'person' });
  world.enqueue([md5(1), md5('none')], { kind: 'md5' });
  write(world.db, 'pauseQueue', { intakeId: 99, paused: true, at: NOON });
  const bytes = packed([sha256('other')]);
  write(world.db, 'setEmbargoKeys', { intakeId: 3, digests: [{ kind: 'sha256', bytes }] });
  world.db.exec(`INSERT INTO hash_list_keys VALUES (1, 1)`);
  world.settle(world.claimed({ source: VIRUSTOTAL, hashesPerRequest: 5 }));
  world.claimed({ source: VIRUSTOTAL, hashesPerRequest: 5 });
  return world;
}

const limits = { ...NO_LIMITS, minute: 9, day: 99 };
const digest = Buffer.from(sha256(1), 'hex');
const spends = { source: VIRUSTOTAL, now: NOON, minuteMs: 60_000 };
const NOT_ASKED_FOR = { kind: 'not-asked', before: 99_999 } as const;
const removal = { rule: NOT_ASKED_FOR, fileIds: [1, 2], intakes: [], now: NOON / 1000, countedAt: NOON / 1000 };
const part = { source: WILDFIRE, intakeId: 4, purpose: 'new' } as const;

const WORK: readonly (readonly [string, (db: WritableDb, world: QueueWorld) => unknown])[] = [
  ['claim', (db) => writes.claimRequest(db, claimArgs(NOON + 61_000, 62_000, { limits }))],
  [
    'claim that must wait',
    (db) => writes.claimRequest(db, claimArgs(NOON, 0, { ...spends, limits: { ...limits, minute: 1 } })),
  ],
  [
    'claim after the clock was set',
    (db) => writes.claimRequest(db, claimArgs(NOON - 900_000, 2_000_000, { ...spends, limits })),
  ],
  ['reserve', (db) => writes.reserveBare(db, { ...claimArgs(NOON, 0), limits })],
  ['enqueue', (db) => drained(writes.enqueue(db, enqueueArgs()))],
  ['settle', (db, world) => drained(writes.settleRequest(db, settlement(world)))],
  ['windowSpends', (db) => reads.windowSpends(db, spends)],
  ['queueOf', (db) => reads.queueOf(db, { digests: [digest] })],
  ['queueGroups', (db) => reads.queueGroups(db)],
  ['reportOf', (db) => reads.reportOf(db, { fileId: 1, source: 1 })],
  ['requestHashes', (db) => reads.requestHashes(db, { requestId: 1 })],
  ['requestsPage', (db) => reads.requestsPage(db, { source: 5, offset: 0, limit: 10 }).rows],
  ['requestsOnTheirWay', (db) => reads.requestsOnTheirWay(db)],
  ['avoidedSince', (db) => reads.avoidedSince(db, { at: NOON })],
  ['answeredSince', (db) => reads.answeredSince(db, { at: NOON })],
  ['sourceCounts', (db) => reads.sourceCounts(db)],
  ['queueDepth', (db) => reads.queueDepth(db, part)],
  ['feedRescans', (db) => drained(writes.feedRescans(db, feedArgs()))],
  ['fedGroups', (db) => reads.fedGroups(db)],
  ['dueItems', (db) => reads.dueItems(db, sweepArgs())],
  ['agedPage of items', (db) => reads.agedPage(db, { rule: NOT_ASKED_FOR, after: 0, now: NOON / 1000 })],
  ['agedPage of files', (db) => reads.agedPage(db, { rule: { kind: 'linked', before: 99_999 }, after: 0, now: 1 })],
  ['agedPage of unknowns', (db) => reads.agedPage(db, { rule: { kind: 'unknown', upTo: 99_999 }, after: 0, now: 1 })],
  ['agedPage of reports', (db) => reads.agedPage(db, { rule: { kind: 'reports', upTo: 99_999 }, after: 0, now: 1 })],
  ['removeAged', (db) => drained(writes.removeAged(db, removal))],
  ['stageAsked', (db) => drained(writes.stageAsked(db, { digests: [digest], day: 99_999 }))],
  ['mergeAsked', (db) => drained(writes.mergeAsked(db))],
  [
    'askedByDigests',
    (db) => drained(writes.askedByDigests(db, { kind: 'sha256', digests: packed([sha256(1)]), day: 99_999 })),
  ],
  ['usedBytes', (db) => reads.usedBytes(db)],
];

test.each(WORK)('%s reads no large table from end to end', (_name, work) => {
  const world = filled();
  const statements = statementsOf(world.db, (watched) => work(watched, world));
  expect(statements.length).toBeGreaterThan(0);
  const found = statements.filter((sql) => !/LIMIT 1$|^INSERT/.test(sql)).flatMap((sql) => scans(world.db, sql));
  expect(found).toEqual([]);
});

/** Steps that read all of a table that grows with the hashes; partial indexes hold few rows by what they are. */
function scans(db: WritableDb, sql: string): string[] {
  const named = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, 1] as const);
  return db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array.from({ length: (sql.match(/\?/g) ?? []).length }, () => 1), Object.fromEntries(named))
    .map((row) => row.detail)
    .filter((detail) => /^SCAN (?:queue|q|requests|items|files|digest_keys|embargo_keys|reports)\b/.test(detail))
    .filter(
      (detail) =>
        !/queue_on_its_way|requests_open|items_could_not_ask/.test(detail) &&
        !/count\(\*\) AS n FROM requests/.test(sql),
    );
}

function drained(run: Generator): void {
  while (run.next().done !== true) {
    // To its end.
  }
}

function feedArgs() {
  return {
    source: WILDFIRE,
    takes: ['sha256'],
    policy: POLICY,
    purpose: 'rescan',
    files: [1, 2, 99].map((id) => ({ id, isMalicious: true })),
    most: 9,
    at: NOON + 99 * 86_400_000,
  } as const;
}

function sweepArgs() {
  const cuts = new Float64Array(18).fill(Number.POSITIVE_INFINITY);
  return { from: 1, to: 99, now: NOON / 1000, policy: POLICY, thresholds: {}, unasked: [WILDFIRE], cuts };
}

const POLICY = {
  rescan: 86_400,
  notKnown: 86_400,
  sources: { wildfire: { rescans: true, pending: 900, newAge: null, newInterval: 86_400 } },
};

function enqueueArgs() {
  return {
    source: WILDFIRE,
    kind: 'sha256',
    digests: packed([sha256(1), sha256('new')]),
    purpose: 'person',
    intakeId: 8,
    stage: 1,
    stopOnMalicious: false,
    force: false,
    at: NOON,
  } as const;
}

function settlement(world: QueueWorld) {
  const rows = world.db.prepare('SELECT id, request_id AS request FROM queue WHERE request_id IS NOT NULL').all() as {
    id: number;
    request: number;
  }[];
  return {
    requestId: rows[0]?.request ?? 0,
    now: NOON,
    outcome: 'answer',
    httpStatus: 200,
    elapsedMs: 1,
    message: null,
    billed: 0,
    rows: rows.map(({ id }, index) => ({
      queueId: id,
      outcome: 'answer' as const,
      next: index === 0 ? ('recheck' as const) : ('done' as const),
      notBefore: 0,
      reason: null,
      countAttempt: true,
      items: [item({ sha256: sha256(id), md5: md5(id) }, 'malicious', 1, { report: '{}' })],
    })),
  } as const;
}

test('rows that are held back, or not due yet, cost a claim nothing', () => {
  const shortest = (waiting: number): number => {
    const world = queueWorld();
    const hashes = Array.from({ length: waiting }, (_, index) => sha256(index));
    world.enqueue(hashes, { intakeId: 1 });
    write(world.db, 'pauseQueue', { intakeId: 1, paused: true, at: NOON });
    world.enqueue(
      hashes.map((hash) => sha256(hash)),
      { intakeId: 2 },
    );
    world.db.prepare('UPDATE queue SET not_before = ? WHERE intake_id = 2').run(NOON + 1000);
    world.enqueue([sha256('due')], { purpose: 'rescan' });
    const times = Array.from({ length: 40 }, () => {
      const from = performance.now();
      const claim = world.claimed();
      const took = performance.now() - from;
      world.settle(claim, { outcome: 'transient', next: 'retry' });
      return took;
    });
    return Math.min(...times);
  };
  // Reading ten thousand rows takes milliseconds; the shortest of many is hardly touched by what else runs.
  expect(shortest(10_000)).toBeLessThan(shortest(10) + 1);
});
