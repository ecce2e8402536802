import { expect, test } from 'vitest';
import { reads } from '#main/db/repositories/index.ts';
import { bucketBits, bucketOf } from '#main/db/repositories/sync/packages/bucket.ts';
import { packageRootId } from '#main/db/repositories/sync/packages/package-identity.ts';
import { startWrite } from '#main/db/threads/run.ts';
import { write } from '../queue/world.ts';
import { file, host, NOON, planned, syncWorld, type SyncWorld } from './world.ts';

const ids = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const packages = ({ db, job }: SyncWorld) => reads.syncPackages(db, { jobId: job.id });

const shape = (world: SyncWorld): string[] =>
  packages(world).map(
    (row) => `${row.prefix}:${row.members}${row.dirty ? ' dirty' : ''}${row.retiring ? ' retiring' : ''}`,
  );

/** Splits every leaf that holds more than `size`, as a run does before it writes. */
function splitAll({ db, job }: SyncWorld, size: number): void {
  for (let isOver = false; !isOver;) {
    const large = reads.syncPackages(db, { jobId: job.id }).find((row) => row.members > size);
    isOver = large === undefined;
    if (large !== undefined) {
      write(db, 'splitPackage', { jobId: job.id, type: large.type, prefix: large.prefix });
    }
  }
}

test('split leaves hold every indicator once, none more than the size, each under its own name and root id', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(ids(1, 400).map((id) => host(id)));
  splitAll(world, 30);
  const leaves = packages(world);
  expect(Math.max(...leaves.map(({ members }) => members))).toBeLessThanOrEqual(30);
  const held = leaves.flatMap(({ type, prefix }) => {
    const members = reads.syncPackageMembers(db, { jobId: job.id, type, prefix });
    expect(members.every(({ id }) => bucketBits(bucketOf(id)).startsWith(prefix))).toBe(true);
    expect(members.map(({ id }) => id)).toEqual(members.map(({ id }) => id).toSorted((a, b) => a - b));
    return members.map(({ id }) => id);
  });
  expect(held.toSorted((a, b) => a - b)).toEqual(ids(1, 400));
  // Nothing was ever sent of the ones that were split: nothing of them is kept.
  expect(leaves.filter(({ retiring }) => retiring)).toEqual([]);
  expect(leaves.every(({ prefix, name }) => name === `Daily - Host ${prefix}`)).toBe(true);
  expect(leaves.map(({ rootId }) => rootId)).toEqual(
    leaves.map(({ prefix }) => packageRootId(job.uuid, 'Host', prefix)),
  );
});

test('no more members of a package are read than are asked for, the first ones by id', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(ids(1, 50).map((id) => host(id)));
  const key = { jobId: job.id, type: 'Host', prefix: '' } as const;
  expect(reads.syncPackageMembers(db, { ...key, limit: 11 }).map(({ id }) => id)).toEqual(ids(1, 11));
  expect(reads.syncPackageMembers(db, key)).toHaveLength(50);
});

test('an example is told of each kind of term that a package has', () => {
  const world = syncWorld();
  const { db, job } = world;
  const address = (id: number, kind: 'ipv4' | 'ipv6', value: string) =>
    host(id, { type: 'Address', summary: value, terms: [{ kind, value }] });
  world.applied([address(1, 'ipv4', '192.0.2.1'), address(2, 'ipv4', '192.0.2.2'), address(3, 'ipv6', '2001:db8::3')]);
  const key = { jobId: job.id, type: 'Address', prefix: '' } as const;
  const found = reads.syncTermExamples(db, { ...key, kinds: ['ipv4', 'ipv6', 'host'] });
  expect(found.map(({ kind }) => kind).toSorted()).toEqual(['ipv4', 'ipv6']);
  expect(found.find(({ kind }) => kind === 'ipv4')?.value).toMatch(/^192\.0\.2\.[12]$/);
  expect(reads.syncTermExamples(db, { ...key, kinds: ['ipv6'] })).toEqual([{ kind: 'ipv6', value: '2001:db8::3' }]);
  expect(reads.syncTermExamples(db, { ...key, kinds: ['host'] })).toEqual([]);
});

test('one changed indicator makes one package dirty', () => {
  const world = syncWorld();
  world.applied(ids(1, 200).map((id) => host(id)));
  splitAll(world, 20);
  world.pushed();
  world.applied([host(77, { rating: 1 })], [planned(77, 'changed')]);
  const dirty = packages(world).filter((row) => row.dirty);
  expect(dirty.map(({ prefix }) => bucketBits(bucketOf(77)).startsWith(prefix))).toEqual([true]);
});

test('a leaf that was sent retires when it is split, comes after its halves, and goes when its document is deleted', () => {
  const world = syncWorld();
  world.applied([1, 2, 3].map((id) => host(id)));
  world.pushed();
  write(world.db, 'splitPackage', { jobId: world.job.id, type: 'Host', prefix: '' });
  expect(shape(world).at(-1)).toBe(':0 dirty retiring');
  const pushed = world.pushed();
  expect(pushed.at(-1)).toBe('Host : ');
  expect(packages(world).map(({ retiring, dirty }) => [retiring, dirty])).toEqual([
    [false, false],
    [false, false],
  ]);
  expect(reads.syncCounts(world.db, { jobId: world.job.id })).toMatchObject({ sent: 3, packages: 2 });
});

test('a package of one bucket cannot be split any further', () => {
  const world = syncWorld();
  const prefix = bucketBits(bucketOf(1));
  expect(write(world.db, 'splitPackage', { jobId: world.job.id, type: 'Host', prefix })).toEqual([]);
  expect(packages(world)).toEqual([]);
});

test('leaves that together hold little become one, up to where it would hold too much', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(ids(1, 60).map((id) => host(id)));
  splitAll(world, 10);
  world.pushed();
  expect(write(db, 'mergePackages', { jobId: job.id, below: 10 })).toBe(0);
  const isLow = (id: number): boolean => bucketBits(bucketOf(id)).startsWith('0');
  const gone = ids(1, 60).filter((id) => isLow(id) && id > 12);
  world.applied(
    [],
    gone.map((id) => planned(id, 'withdrawn', { reason: 'deleted' })),
  );
  world.pushed();
  const high = packages(world).filter(({ prefix }) => prefix.startsWith('1'));
  const low = ids(1, 12).filter((id) => isLow(id)).length;
  expect(write(db, 'mergePackages', { jobId: job.id, below: low + 1 })).toBe(1);
  world.pushed();
  expect(packages(world).map(({ prefix }) => prefix)).toEqual(['0', ...high.map(({ prefix }) => prefix)]);
  expect(shape(world)[0]).toBe(`0:${low}`);
  expect(reads.syncCounts(db, { jobId: job.id }).sent).toBe(60 - gone.length);
  // Where it grows again it is split again, under the same names.
  world.applied(gone.map((id) => host(id)));
  splitAll(world, 10);
  world.pushed();
  expect(reads.syncCounts(db, { jobId: job.id }).sent).toBe(60);
  expect(packages(world).some(({ retiring }) => retiring)).toBe(false);
});

test('a leaf that went is made again where it was, without touching its sibling', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(ids(1, 8).map((id) => host(id)));
  write(db, 'splitPackage', { jobId: job.id, type: 'Host', prefix: '' });
  world.pushed();
  const low = ids(1, 8).filter((id) => bucketBits(bucketOf(id)).startsWith('0'));
  world.applied(
    [],
    low.map((id) => planned(id, 'withdrawn', { reason: 'inactive' })),
  );
  world.pushed();
  expect(packages(world).map(({ prefix }) => prefix)).toEqual(['1']);
  world.applied([host(low[0] ?? 0)]);
  expect(shape(world)).toEqual(['0:1 dirty', `1:${8 - low.length}`]);
});

test('what touches a package while its document is on its way is not lost with the answer', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([1, 2].map((id) => host(id)));
  const [before] = packages(world);
  const key = { jobId: job.id, type: 'Host', prefix: '', touched: before?.touched ?? -1 } as const;
  const members = reads.syncPackageMembers(db, key);
  const ledgerId = begin(world, { added: [1, 2] });
  write(db, 'recallIndicators', { jobId: job.id, ids: [2], by: 'kim' });
  const written = { key, members, removed: [], sentDigest: 'd', intelId: 7, serverMd5: 'm', scanDue: true };
  const answer = { ledgerId, outcome: 'done', httpStatus: 201, message: '', now: NOON + 1 } as const;
  write(db, 'settleWrite', { ...answer, package: written, deployDue: true });
  expect(packages(world)).toMatchObject([
    { dirty: true, intelId: 7, sentDigest: 'd', serverMd5: 'm', scanDue: true, members: 1 },
  ]);
  expect(reads.syncPackageLeavers(db, key)).toEqual([2]);
  expect(reads.syncJob(db, { jobId: job.id })?.deployDue).toBe(true);
  expect(reads.syncLedgerPage(db, { jobId: job.id, offset: 0, limit: 5 }).rows).toMatchObject([
    { id: ledgerId, settledAt: NOON + 1, outcome: 'done', httpStatus: 201, intelId: 7, added: [1, 2], removed: [] },
  ]);
});

test('a document that was deleted while something came back leaves a leaf that is to be written anew', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1)]);
  world.pushed();
  world.applied([], [planned(1, 'withdrawn', { reason: 'deleted' })]);
  const [row] = packages(world);
  const key = { jobId: job.id, type: 'Host', prefix: '', touched: row?.touched ?? -1 } as const;
  const ledgerId = begin(world, { removed: [1] });
  world.applied([host(1)]);
  const answer = { ledgerId, outcome: 'done', httpStatus: 200, message: '', now: NOON } as const;
  write(db, 'settleWrite', { ...answer, gone: { key, members: [], removed: [1] } });
  expect(packages(world)).toMatchObject([{ dirty: true, intelId: null, sentDigest: null, labels: [], members: 1 }]);
  expect(world.pushed()).toEqual(['Host : 1']);
});

test('a write is open until its outcome is known, and what is unknown stays open', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1)]);
  const [first, second, third] = [begin(world, {}), begin(world, {}), begin(world, {})];
  const settle = (ledgerId: number, outcome: 'done' | 'unknown' | 'refused'): void => {
    write(db, 'settleWrite', { ledgerId, outcome, httpStatus: null, message: 'm', now: NOON });
  };
  settle(first, 'unknown');
  settle(second, 'refused');
  expect(reads.openLedgerRows(db, { jobId: job.id }).map(({ id, outcome }) => [id, outcome])).toEqual([
    [first, 'unknown'],
    [third, null],
  ]);
  expect(packages(world)).toMatchObject([{ dirty: true, intelId: null }]);
  settle(first, 'done');
  expect(reads.openLedgerRows(db, { jobId: job.id }).map(({ id }) => id)).toEqual([third]);
});

test('killed inside the settling of a very large package, the write is still open', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied(ids(1, 12_000).map((id) => file(id)));
  const [row] = packages(world);
  const key = { jobId: job.id, type: 'File', prefix: '', touched: row?.touched ?? -1 } as const;
  const ledgerId = begin(world, {});
  const written = { key, removed: [], sentDigest: 'd', intelId: 7, serverMd5: null, scanDue: false };
  const half = startWrite(db, 'settleWrite', {
    ledgerId,
    outcome: 'done',
    httpStatus: 200,
    message: '',
    now: NOON,
    package: { ...written, members: reads.syncPackageMembers(db, key) },
  });
  expect(half.step().done).toBe(false);
  half.abandon();
  expect(reads.openLedgerRows(db, { jobId: job.id })).toHaveLength(1);
  expect(packages(world)).toMatchObject([{ dirty: true, intelId: null }]);
});

test('what is as it was sent is kept without a write; a run is known by what it added', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1), host(2)]);
  world.pushed();
  world.applied([host(1, { rating: 1 })], [planned(1, 'changed')]);
  const [row] = packages(world);
  const key = { jobId: job.id, type: 'Host', prefix: '', touched: row?.touched ?? -1 } as const;
  write(db, 'keepPackage', { key, members: reads.syncPackageMembers(db, key), removed: [] });
  expect(packages(world)).toMatchObject([{ dirty: false, sentDigest: 'd' }]);
  expect(reads.syncIndicatorsById(db, { jobId: job.id, ids: [1] })).toMatchObject([{ sent: true, sentRating: 1 }]);
  world.applied([], [planned(2, 'withdrawn', { reason: 'deleted' })]);
  world.pushed();
  expect(reads.syncSentByRun(db, { runId: 1 })).toEqual([1]);
  expect(reads.syncIndicatorsById(db, { jobId: job.id, ids: [2] })).toMatchObject([
    { sent: false, sentTerms: null, sentRating: null },
  ]);
});

test('labels are the most frequent tags of what a package holds; case does not count', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([
    host(1, { tags: ['APT', 'x'] }),
    host(2, { tags: ['apt', 'zeus'] }),
    host(3, { tags: ['Apt', 'zeus'] }),
    file(4, { tags: ['file'] }),
  ]);
  const key = { jobId: job.id, type: 'Host', prefix: '' } as const;
  expect(reads.syncPackageTags(db, { ...key, limit: 2 })).toEqual([
    { tag: 'APT', count: 3 },
    { tag: 'zeus', count: 2 },
  ]);
  world.pushed();
  const due = (): boolean[] => packages(world).map((row) => row.labelsDue);
  expect(due()).toEqual([true, true]);
  write(db, 'setPackageLabels', { ...key, labels: ['APT'] });
  expect(due()).toEqual([true, false]);
  expect(packages(world)[1]?.labels).toEqual(['APT']);
  world.applied([host(1, { tags: [] })], [planned(1, 'changed')]);
  expect(due()).toEqual([true, true]);
});

test('a new name of the job is the one of its packages; learned forms concern addresses and hosts', () => {
  const world = syncWorld();
  const { db, job } = world;
  world.applied([host(1), file(2)]);
  world.pushed();
  write(db, 'setTermForms', { jobId: job.id, forms: '{}' });
  expect(packages(world).map(({ type, dirty }) => [type, dirty])).toEqual([
    ['File', false],
    ['Host', true],
  ]);
  world.pushed();
  write(db, 'setSyncJob', { jobId: job.id, name: 'Nightly' });
  expect(packages(world).map(({ name, dirty }) => [name, dirty])).toEqual([
    ['Nightly - File', true],
    ['Nightly - Host', true],
  ]);
});

test('files go to packages, or do not, as the settings say; a change of them reaches every package', () => {
  const world = syncWorld({ filesTo: 'hash-list' });
  const { db, job } = world;
  world.applied([host(1), file(2)]);
  expect(world.pushed()).toEqual(['Host : 1']);
  write(db, 'setSyncJob', { jobId: job.id, config: { ...job.config, filesTo: 'packages' } });
  write(db, 'dirtyPackages', { jobId: job.id, types: ['File'] });
  expect(world.pushed()).toEqual(['File : 2']);
  write(db, 'setSyncJob', { jobId: job.id, config: job.config });
  write(db, 'dirtyPackages', { jobId: job.id });
  expect(world.pushed()).toEqual(['File : ', 'Host : 1']);
});

function begin({ db, job }: SyncWorld, change: { readonly added?: number[]; readonly removed?: number[] }): number {
  return write(db, 'beginWrite', {
    jobId: job.id,
    runId: 1,
    at: NOON,
    action: 'replace package',
    host: 'tanium.test',
    type: 'Host',
    prefix: '',
    package: 'Daily - Host',
    rootId: null,
    intelId: null,
    indicators: 0,
    added: change.added ?? [],
    removed: change.removed ?? [],
  });
}
