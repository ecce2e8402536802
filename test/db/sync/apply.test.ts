import { expect, onTestFinished, test, vi } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { bucketOf } from '#main/db/repositories/sync/packages/bucket.ts';
import { startWrite, type WriteRun } from '#main/db/threads/run.ts';
import { write } from '../queue/world.ts';
import { file, host, NOON, planned, syncWorld, type SyncWorld } from './world.ts';

const known = ({ db, job }: SyncWorld, ids: readonly number[]) =>
  reads
    .syncIndicatorsById(db, { jobId: job.id, ids })
    .map(({ id, wanted, held, goes, sent }) => ({ id, wanted, held, goes, sent }));

const dirty = ({ db, job }: SyncWorld): string[] =>
  reads.syncPackages(db, { jobId: job.id, dirtyOnly: true }).map(({ type, prefix }) => `${type} ${prefix}`);

/** Runs that many transactions, each as short as can be because its time seems to be over at once, and no more. */
function cutOff(write: WriteRun, transactions: number): void {
  let clock = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1000));
  onTestFinished(() => now.mockRestore());
  const isDone = Array.from({ length: transactions }, () => write.step().done);
  now.mockRestore();
  write.abandon();
  if (isDone.includes(true)) {
    throw new Error('it was done before it could be cut off');
  }
}

test('of two that were pulled with one id the later modified holds, whichever came first', () => {
  const { db, job } = syncWorld();
  const stage = (...rows: Parameters<typeof file>[]) =>
    write(db, 'stagePulled', { jobId: job.id, rows: rows.map((args) => file(...args)) });
  expect(stage([1, { rating: 1 }], [2], [1, { rating: 2, modifiedAt: NOON + 1 }])).toBe(2);
  expect(stage([1, { rating: 3, modifiedAt: NOON }], [3, { gone: 'inactive', invalid: 'no digest', terms: [] }])).toBe(
    1,
  );
  const pairs = reads.syncPairs(db, { jobId: job.id, after: 0, limit: 10, pulledOnly: true });
  expect(pairs.map(({ pulled }) => [pulled?.id, pulled?.rating, pulled?.gone, pulled?.invalid])).toEqual([
    [1, 2, null, null],
    [2, 4, null, null],
    [3, 4, 'inactive', 'no digest'],
  ]);
  expect(pairs[1]?.pulled).toEqual(file(2));
  write(db, 'clearPulled', { jobId: job.id });
  expect(reads.syncPairs(db, { jobId: job.id, after: 0, limit: 10, pulledOnly: true })).toEqual([]);
});

test('pairs hold both sides of every id once, whatever the page; what matters not is left out', () => {
  const world = syncWorld();
  const { db, job } = world;
  const old = [2, 3, 5, 8, 9, 12];
  world.applied(old.map((id) => host(id)));
  world.pushed();
  world.applied([], [planned(9, 'withdrawn', { reason: 'no-match' })]);
  world.pushed();
  write(db, 'stagePulled', { jobId: job.id, rows: [1, 3, 4, 8, 9].map((id) => host(id)) });
  write(db, 'stagePulled', { jobId: job.id + 1, rows: [host(7)] });
  for (const limit of [1, 2, 3, 100]) {
    const seen: string[] = [];
    for (let after = 0, isOver = false; !isOver;) {
      const page = reads.syncPairs(db, { jobId: job.id, after, limit, pulledOnly: false });
      seen.push(
        ...page.map(({ id, pulled, known: old }) => `${id}${pulled === null ? '' : 'p'}${old === null ? '' : 'k'}`),
      );
      after = page.at(-1)?.id ?? after;
      isOver = page.length === 0;
    }
    expect(seen).toEqual(['1p', '2k', '3pk', '4p', '5k', '8pk', '9pk', '12k']);
  }
  const pulled = reads.syncPairs(db, { jobId: job.id, after: 1, limit: 2, pulledOnly: true });
  expect(pulled.map((pair) => [pair.id, pair.known?.id ?? null])).toEqual([
    [3, 3],
    [4, null],
  ]);
  const absent = reads.syncAbsent(db, { jobId: job.id, after: 2, limit: 9 });
  expect(absent.map(({ id, sent, owner }) => [id, sent, owner])).toEqual([
    [5, true, 'Acme'],
    [12, true, 'Acme'],
  ]);
  expect(reads.syncSentOwners(db, { jobId: job.id })).toEqual([{ owner: 'Acme', sent: 5 }]);
});

test('what is deleted is noted whether it was pulled, is known by its id, or by its name alone', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([file(1), host(2)]);
  write(db, 'clearPulled', { jobId: job.id });
  write(db, 'stagePulled', { jobId: job.id, rows: [file(3)] });
  const names = [
    { type: 'Host', summary: 'H2.BAD.test', owner: 'ACME' },
    { type: 'File', summary: 'h2.bad.test', owner: 'Acme' },
  ] as const;
  const ids = reads.syncIndicatorIdsNamed(db, { jobId: job.id, names });
  expect(ids).toEqual([2]);
  expect(write(db, 'markPulledGone', { jobId: job.id, ids: [3, ...ids, 99], gone: 'deleted' })).toBe(2);
  const pairs = reads.syncPairs(db, { jobId: job.id, after: 0, limit: 10, pulledOnly: true });
  expect(pairs.map(({ id, pulled }) => [id, pulled?.gone, pulled?.summary])).toEqual([
    [2, 'deleted', 'h2.bad.test'],
    [3, 'deleted', file(3).summary],
  ]);
});

test('decisions become true of the indicators and mark the packages they concern alone', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(
    [file(1), file(2), host(3), host(4, { invalid: 'no host', terms: [] })],
    [
      planned(1, 'new'),
      planned(2, 'held', { held: 'hash-list', heldBy: 'ours', reason: 'hash-list' }),
      planned(3, 'new'),
      planned(4, 'invalid'),
    ],
  );
  expect(known(world, [1, 2, 3, 4])).toEqual([
    { id: 1, wanted: true, held: null, goes: true, sent: false },
    { id: 2, wanted: true, held: 'hash-list', goes: false, sent: false },
    { id: 3, wanted: true, held: null, goes: true, sent: false },
  ]);
  expect(dirty(world)).toEqual(['File ', 'Host ']);
  expect(world.pushed()).toEqual(['File : 1', 'Host : 3']);
  expect(dirty(world)).toEqual([]);
  // What is unchanged marks nothing; what is told of it is kept all the same.
  world.applied([file(1, { falsePositives: 2 }), host(3)], [planned(1, 'unchanged'), planned(3, 'changed')]);
  expect(dirty(world)).toEqual(['Host ']);
  expect(reads.syncIndicatorsById(db, { jobId: job.id, ids: [1] })).toMatchObject([
    { falsePositives: 2, package: 'Daily - File' },
  ]);
  expect(reads.syncCounts(db, { jobId: job.id })).toEqual({ sent: 2, held: 1, wanted: 3, packages: 2 });
});

test('what a person called back stays out whatever a run decided meanwhile', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([file(1), file(2)]);
  world.pushed();
  const run = world.run();
  write(db, 'stagePulled', { jobId: job.id, rows: [file(1, { rating: 5 }), file(2, { rating: 5 })] });
  write(db, 'putPlan', {
    runId: run.id,
    rows: [planned(1, 'changed'), planned(2, 'held', { held: 'own', heldBy: 'x' })],
  });
  write(db, 'recallIndicators', { jobId: job.id, ids: [1, 2], by: 'kim' });
  write(db, 'applyPlan', { jobId: job.id, runId: run.id });
  expect(known(world, [1, 2])).toEqual([
    { id: 1, wanted: true, held: 'recalled', goes: false, sent: true },
    { id: 2, wanted: true, held: 'own', goes: false, sent: true },
  ]);
  expect(world.pushed()).toEqual(['File : ']);
});

test('a recall that was decided on calls back', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([file(1), file(2)]);
  world.pushed();
  world.applied([], [planned(1, 'withdrawn', { wanted: true, held: 'recalled', heldBy: 'kim', reason: 'recalled' })]);
  expect(reads.syncIndicatorsById(db, { jobId: job.id, ids: [1] })).toMatchObject([
    { recalled: true, held: 'recalled', heldBy: 'kim', goes: false },
  ]);
  expect(world.pushed()).toEqual(['File : 2']);
  // The next pull finds it again: it stays out.
  world.applied([file(1)]);
  expect(world.pushed()).toEqual(['File : 2']);
});

test('cut off after any transaction and begun again, a plan comes to the same', () => {
  const ids = Array.from({ length: 900 }, (_, index) => index + 1);
  const outcome = (cut: number | null): unknown => {
    const world = syncWorld();
    const { db, job } = world;
    world.applied(ids.slice(0, 500).map((id) => host(id)));
    world.pushed();
    write(db, 'clearPulled', { jobId: job.id });
    write(db, 'stagePulled', { jobId: job.id, rows: ids.slice(100).map((id) => host(id, { rating: 5 })) });
    const run = world.run();
    write(db, 'putPlan', {
      runId: run.id,
      rows: ids.map((id) => planned(id, id <= 100 ? 'withdrawn' : id <= 500 ? 'changed' : 'new')),
    });
    if (cut !== null) {
      cutOff(startWrite(db, 'applyPlan', { jobId: job.id, runId: run.id }), cut);
    }
    write(db, 'applyPlan', { jobId: job.id, runId: run.id });
    const rows = reads.syncIndicatorsPage(db, { jobId: job.id, which: 'all', offset: 0, limit: 9999 }).rows;
    return [rows, reads.syncPackages(db, { jobId: job.id }).map(({ dirty: isDirty, members }) => [isDirty, members])];
  };
  const whole = outcome(null);
  for (const cut of [1, 2, 3, 4]) {
    expect(outcome(cut)).toEqual(whole);
  }
});

test('the plan is paged held first and unchanged last, filtered and searched, with what was sent beside what is', () => {
  const world = syncWorld();
  const { db } = world;
  world.applied([1, 2, 3].map((id) => host(id, { rating: 1 })));
  world.pushed();
  const { id: runId } = world.applied(
    [host(1, { rating: 5, tags: ['Emotet'] }), host(2), host(4), host(5, { owner: 'Other 100%' }), host(6)],
    [
      planned(1, 'changed'),
      planned(2, 'unchanged'),
      planned(3, 'withdrawn', { reason: 'deleted' }),
      planned(4, 'new'),
      planned(5, 'held', { held: 'own', heldBy: 'own address', reason: 'own', why: 'inside 10.0.0.0/8' }),
      planned(6, 'withdrawn', { shown: false }),
    ],
  );
  const page = (more: object) => {
    const { total, rows } = reads.syncPlanPage(db, { runId, offset: 0, limit: 10, ...more });
    return [total, ...rows.map(({ position, action, id }) => `${position} ${action} ${id}`)];
  };
  expect(page({})).toEqual([5, '0 held 5', '1 new 4', '2 changed 1', '3 withdrawn 3', '4 unchanged 2']);
  expect(page({ offset: 1, limit: 3 })).toEqual([5, '1 new 4', '2 changed 1', '3 withdrawn 3']);
  expect(page({ actions: ['unchanged', 'new'] })).toEqual([2, '0 new 4', '1 unchanged 2']);
  expect(page({ text: 'H2.BAD' })).toEqual([1, '0 unchanged 2']);
  expect(page({ text: 'emotet' })).toEqual([1, '0 changed 1']);
  expect(page({ text: '0%' })).toEqual([1, '0 held 5']);
  expect(page({ text: '10.0.0' })).toEqual([1, '0 held 5']);
  expect(page({ text: 'emotet', actions: ['new'] })).toEqual([0]);
  expect(reads.syncPlanPage(db, { runId, offset: 2, limit: 1 }).rows).toEqual([
    {
      position: 2,
      action: 'changed',
      id: 1,
      type: 'Host',
      summary: 'h1.bad.test',
      terms: [{ kind: 'host', value: 'h1.bad.test' }],
      owner: 'Acme',
      rating: 5,
      confidence: 80,
      tags: ['Emotet'],
      oldRating: 1,
      oldConfidence: 80,
      package: 'Daily - Host',
      reason: null,
      why: '',
    },
  ]);
  expect(reads.syncPlanIds(db, { runId, action: 'withdrawn' })).toEqual([3]);
  expect(reads.syncPlanCounts(db, { runId })).toEqual({
    held: 1,
    new: 1,
    changed: 1,
    withdrawn: 1,
    invalid: 0,
    unchanged: 1,
  });
});

test('the package of an indicator is told by the bits of its bucket', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1), host(2), host(3)]);
  const halves = write(db, 'splitPackage', { jobId: job.id, type: 'Host', prefix: '' });
  expect(halves).toEqual(['0', '1']);
  const [one] = reads.syncIndicatorsById(db, { jobId: job.id, ids: [1] });
  expect(one?.package).toBe(`Daily - Host ${bucketOf(1) < 2 ** 31 ? '0' : '1'}`);
});
