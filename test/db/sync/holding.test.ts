import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { write } from '../queue/world.ts';
import { file, host, planned, syncWorld, type SyncWorld } from './world.ts';

const page = ({ db, job }: SyncWorld, which: 'sent' | 'held' | 'all', text?: string) => {
  const { total, rows } = reads.syncIndicatorsPage(db, { jobId: job.id, which, text, offset: 0, limit: 10 });
  return [
    total,
    ...rows.map(({ id, held, released }) => `${id}${held === null ? '' : ` ${held}`}${released ? ' released' : ''}`),
  ];
};

/** One that goes, one held for the hash list, one own address. */
function heldWorld(): SyncWorld {
  const world = syncWorld();
  world.applied(
    [file(1), file(2), host(3)],
    [
      planned(1, 'new'),
      planned(2, 'held', { held: 'hash-list', heldBy: 'ours' }),
      planned(3, 'held', { held: 'own', heldBy: 'corp' }),
    ],
  );
  world.pushed();
  return world;
}

test('what is released goes with the next writing and can be held back again; own addresses never go', () => {
  const world = heldWorld();
  const { db, job } = world;
  const release = (ids: number[], on = true): number =>
    write(db, 'releaseIndicators', { jobId: job.id, ids, release: on });
  expect(page(world, 'held')).toEqual([2, '2 hash-list', '3 own']);
  expect(release([1, 2, 3, 99])).toBe(1);
  expect(release([2])).toBe(0);
  expect(page(world, 'held')).toEqual([2, '2 hash-list released', '3 own']);
  expect(reads.syncCounts(db, { jobId: job.id })).toMatchObject({ held: 1, wanted: 3 });
  expect(world.pushed()).toEqual(['File : 1 2']);
  expect(release([2, 3], false)).toBe(1);
  expect(world.pushed()).toEqual(['File : 1']);
  expect(page(world, 'sent')).toEqual([1, '1']);
});

test('a release outlasts later pulls, whatever stands against the indicator then', () => {
  const world = heldWorld();
  write(world.db, 'releaseIndicators', { jobId: world.job.id, ids: [2], release: true });
  world.applied([file(2)], [planned(2, 'changed', { held: 'known-good', heldBy: 'NSRL' })]);
  expect(page(world, 'held')).toEqual([2, '2 known-good released', '3 own']);
  expect(world.pushed()).toEqual(['File : 1 2']);
});

test('everything is called back, own addresses stay what they are, and what is released goes again', () => {
  const world = heldWorld();
  const { db, job } = world;
  const recall = (ids: number[] | null): number => write(db, 'recallIndicators', { jobId: job.id, ids, by: 'kim' });
  expect(recall(null)).toBe(3);
  expect(recall([1, 2])).toBe(0);
  expect(page(world, 'held')).toEqual([3, '1 recalled', '2 recalled', '3 own']);
  expect(world.pushed()).toEqual(['File : ']);
  write(db, 'releaseIndicators', { jobId: job.id, ids: [1, 3], release: true });
  expect(world.pushed()).toEqual(['File : 1']);
  expect(recall([1])).toBe(1);
  expect(page(world, 'held')).toEqual([3, '1 recalled', '2 recalled', '3 own']);
  expect(world.pushed()).toEqual(['File : ']);
});

test('what stands against indicators can change without a pull; what was called back keeps its reason', () => {
  const world = heldWorld();
  const { db, job } = world;
  write(db, 'recallIndicators', { jobId: job.id, ids: [2], by: 'kim' });
  const rows = [
    { id: 1, held: 'non-malicious', heldBy: 'VirusTotal' },
    { id: 2, held: null, heldBy: '' },
    { id: 3, held: null, heldBy: '' },
  ] as const;
  expect(write(db, 'setHeld', { jobId: job.id, rows })).toBe(2);
  expect(write(db, 'setHeld', { jobId: job.id, rows })).toBe(0);
  expect(page(world, 'held')).toEqual([2, '1 non-malicious', '2 recalled']);
  // An own address is one for whatever else, and says so.
  const own = { jobId: job.id, rows: [{ id: 2, held: 'own', heldBy: '10.0.0.0/8' }] } as const;
  expect([write(db, 'setHeld', own), write(db, 'setHeld', own)]).toEqual([1, 0]);
  expect(reads.syncIndicatorsById(db, { jobId: job.id, ids: [2] })).toMatchObject([
    { held: 'own', heldBy: '10.0.0.0/8' },
  ]);
  expect(world.pushed()).toEqual(['File : ', 'Host : 3']);
});

test('indicators are found by summary, term, owner, tag or id', () => {
  const world = syncWorld();
  world.applied([host(17, { tags: ['Emotet'] }), host(171, { owner: 'Beta' }), file(5)]);
  expect(page(world, 'all', '17')).toEqual([2, '17', '171']);
  expect(page(world, 'all', '5')[1]).toBe('5');
  expect(page(world, 'all', 'emot')).toEqual([1, '17']);
  expect(page(world, 'all', 'BETA')).toEqual([1, '171']);
  expect(page(world, 'all', file(5).terms[0]?.value)).toEqual([1, '5']);
  expect(page(world, 'all', '%')).toEqual([0]);
  expect(page(world, 'sent', 'emot')).toEqual([0]);
});

test('files that match are told, held back or not; withdrawn ones are not', () => {
  const world = heldWorld();
  const { db, job } = world;
  world.applied([file(4, { rating: null })]);
  world.applied([], [planned(1, 'withdrawn', { reason: 'deleted' })]);
  const files = reads.syncFiles(db, { jobId: job.id, after: 0, limit: 10 });
  expect(files.map(({ id, rating }) => [id, rating])).toEqual([
    [2, 4],
    [4, null],
  ]);
  expect(files[0]?.terms).toEqual(file(2).terms);
  expect(reads.syncFiles(db, { jobId: job.id, after: 2, limit: 10 })).toHaveLength(1);
});

test('files go on the reputation hash list and off it; a digest that another file keeps there stays', () => {
  const world = syncWorld({ filesTo: 'hash-list' });
  const { db, job } = world;
  const same = file(1).terms;
  world.applied([file(1), file(2, { terms: same }), file(3), host(4)]);
  const due = (isTarget = true) => reads.syncListDue(db, { jobId: job.id, isTarget, after: 0, limit: 10 });
  const settle = (isTarget = true): void => {
    write(db, 'noteListed', { jobId: job.id, isOnlyTarget: true, rows: due(isTarget) });
  };
  expect(due().map(({ id, toList, toUnlist }) => [id, toList.length, toUnlist.length])).toEqual([
    [1, 2, 0],
    [2, 2, 0],
    [3, 2, 0],
  ]);
  settle();
  expect(due()).toEqual([]);
  expect(page(world, 'sent')).toEqual([3, '1', '2', '3']);
  // One is called back, one gets another digest.
  write(db, 'recallIndicators', { jobId: job.id, ids: [1], by: 'kim' });
  const [md5] = file(3).terms;
  const other = { kind: 'sha256', value: 'ab'.repeat(32) } as const;
  world.applied([file(3, { terms: md5 === undefined ? [] : [md5, other] })], [planned(3, 'changed')]);
  expect(due()).toEqual([
    { id: 1, toList: [], toUnlist: [], rating: 4, confidence: 80, listed: null },
    { id: 3, toList: [other], toUnlist: [file(3).terms[1]], rating: 4, confidence: 80, listed: [md5, other] },
  ]);
  settle();
  expect(page(world, 'sent')).toEqual([2, '2', '3']);
  // The list is no target any more: all goes, also what two files had there.
  expect(due(false).map(({ id, toUnlist }) => [id, toUnlist.length])).toEqual([
    [2, 2],
    [3, 2],
  ]);
  settle(false);
  expect(due(false)).toEqual([]);
});

test('a digest that moves from one file to another is not taken off the list', () => {
  const world = syncWorld({ filesTo: 'hash-list' });
  const { db, job } = world;
  const [md5, sha256] = file(1).terms;
  world.applied([file(1, { terms: md5 === undefined ? [] : [md5] })]);
  const due = () => reads.syncListDue(db, { jobId: job.id, isTarget: true, after: 0, limit: 10 });
  write(db, 'noteListed', { jobId: job.id, isOnlyTarget: true, rows: due() });
  world.applied([file(1, { terms: sha256 === undefined ? [] : [sha256] }), file(2, { terms: file(1).terms })]);
  expect(due().map(({ toList, toUnlist }) => [toList, toUnlist])).toEqual([
    [[sha256], []],
    [[md5, sha256], []],
  ]);
});
