import { expect, test } from 'vitest';
import type { Outcome } from '#shared/domain/outcome.ts';
import { NO_COUNTS } from '#main/db/repositories/intakes.ts';
import type { MetricKind } from '#main/db/change-kinds.ts';
import { NOON, queueWorld, sha256, VIRUSTOTAL, WILDFIRE, write, type QueueWorld } from '../queue/world.ts';

const HASHES = [1, 2, 3].map((n) => sha256(n));
const EVER = { from: 0, to: 4e9, stepSeconds: 86_400, level: 2 } as const;

/** What was recorded so far, added up, of the kinds that count requests. */
function counted(world: QueueWorld): Record<string, number> {
  write(world.db, 'foldMetrics', undefined);
  const kinds = ['requestSettled', 'requestMs', 'pairsSent', 'callsBilled'] as const;
  const rows = world.reads.metricSums(world.db, { ...EVER, kinds });
  return Object.fromEntries(
    rows
      .filter(({ sum }) => sum !== 0)
      .map(({ kind, detail, sum }) => [detail === '' ? kind : `${kind} ${detail}`, sum]),
  );
}

function failed(outcome: Outcome, sent: boolean, billed: number): Record<string, number> {
  const world = queueWorld();
  world.enqueue(HASHES);
  world.settle(world.claimed(), { outcome, next: 'retry' }, { outcome, sent, billed });
  return counted(world);
}

test('what was sent counts whatever became of it, and what the source counts as it says', () => {
  expect(failed('quota', true, 0)).toEqual({ 'requestSettled quota': 1, pairsSent: 3 });
  expect(failed('transient', true, 1)).toEqual({ 'requestSettled transient': 1, pairsSent: 3, callsBilled: 1 });
  expect(failed('protocol', true, 1)).toEqual({ 'requestSettled protocol': 1, pairsSent: 3, callsBilled: 1 });
  expect(failed('not-known', true, 1)).toEqual({
    'requestSettled not-known': 1,
    requestMs: 120,
    pairsSent: 3,
    callsBilled: 1,
  });
});

test('what certainly never left is told apart, and sent nothing', () => {
  expect(failed('transient', false, 0)).toEqual({ 'requestSettled unsent': 1 });
});

test('a lost request may have left, and is counted once however late it is heard of', () => {
  const world = queueWorld();
  world.enqueue(HASHES);
  const claim = world.claimed({ billedBy: 'hash' });
  world.pass(90_000);
  write(world.db, 'recoverRequests', { now: world.now() });
  write(world.db, 'recoverRequests', { now: world.now() });
  expect(counted(world)).toEqual({ 'requestSettled lost': 1, pairsSent: 3, callsBilled: 3 });
  world.pass(90_000);
  world.settle(claim);
  world.settle(claim);
  expect(counted(world)).toEqual({ 'requestSettled answer': 1, requestMs: 120, pairsSent: 3, callsBilled: 3 });
});

test('a request that is settled again is not counted again', () => {
  const world = queueWorld();
  world.enqueue(HASHES);
  const claim = world.claimed();
  world.settle(claim);
  world.settle(claim, {}, { outcome: 'transient' });
  expect(counted(world)).toEqual({ 'requestSettled answer': 1, requestMs: 120, pairsSent: 3, callsBilled: 1 });
});

test('calls are counted when they were sent, the rest when it was heard', () => {
  const world = queueWorld();
  world.enqueue(HASHES);
  const claim = world.claimed();
  world.pass(3 * 60_000);
  world.settle(claim);
  write(world.db, 'foldMetrics', undefined);
  const at = (kind: MetricKind): number[] =>
    world.reads
      .metricSums(world.db, { kinds: [kind], from: 0, to: 4e9, stepSeconds: 60, level: 0 })
      .map(({ bucket }) => bucket - NOON / 1000);
  expect([at('callsBilled'), at('pairsSent'), at('requestSettled')]).toEqual([[0], [180], [180]]);
});

test('a test of the connection counts as a request, with the hash it looks up', () => {
  const world = queueWorld();
  const limits = { minute: null, hour: null, day: null, month: null };
  const bare = { source: VIRUSTOTAL, now: NOON, steadyMs: 1, limits, minuteMs: 60_000, deadlineMs: 1000 };
  const settle = (testedHashes: number): void => {
    const claim = write(world.db, 'reserveBare', bare);
    if (claim.kind !== 'request') {
      throw new Error(`no request: ${claim.kind}`);
    }
    const { requestId } = claim;
    const heard = { httpStatus: 200, elapsedMs: 7, message: null, billed: testedHashes, rows: [] };
    write(world.db, 'settleRequest', { ...heard, requestId, now: NOON, outcome: 'answer', testedHashes });
  };
  settle(0);
  expect(counted(world)).toEqual({ 'requestSettled answer': 1, requestMs: 7 });
  settle(1);
  expect(counted(world)).toEqual({ 'requestSettled answer': 2, requestMs: 14, pairsSent: 1, callsBilled: 1 });
});

test('calls of one source are not those of another', () => {
  const world = queueWorld();
  world.enqueue(HASHES);
  world.enqueue(HASHES.slice(1), { source: VIRUSTOTAL });
  world.settle(world.claimed());
  world.settle(world.claimed({ source: VIRUSTOTAL }));
  write(world.db, 'foldMetrics', undefined);
  expect(
    world.reads.metricSums(world.db, { ...EVER, kinds: ['pairsSent'] }).map(({ source, sum }) => [source, sum]),
  ).toEqual([
    [WILDFIRE, 3],
    [VIRUSTOTAL, 2],
  ]);
});

test('hashes are counted by verdict when they are judged first, and not again', () => {
  const { db, reads } = queueWorld();
  const id = write(db, 'createIntake', {
    title: 'list',
    door: 'paste',
    createdAt: 5,
    readBy: 'test',
    origin: [],
    process: '',
  });
  const counts = { ...NO_COUNTS, malicious: 2, unknown: 5, conflict: 1 };
  write(db, 'saveJudgement', { id, counts, seq: 3, at: 100, elapsedMs: 9, answered: 2 });
  write(db, 'saveJudgement', { id, counts: { ...counts, malicious: 7 }, seq: 4, at: 200 });
  write(db, 'saveJudgement', { id: id + 1, counts, seq: 4, at: 200 });
  write(db, 'foldMetrics', undefined);
  expect(
    reads
      .metricSums(db, { ...EVER, kinds: ['verdictCount', 'answeredLocally'] })
      .map(({ detail, sum }) => [detail, sum]),
  ).toEqual([
    ['malicious', 2],
    ['unknown', 5],
    ['', 2],
  ]);
});
