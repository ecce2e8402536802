import { describe, expect, it } from 'vitest';
import { syncWorld, termsOf, type SyncWorld } from './world.ts';

/** Hosts of one owner, by number. */
function putHosts({ threatConnect }: SyncWorld, count: number, owner = 'Example Corp'): number[] {
  return Array.from({ length: count }, (_, n) =>
    threatConnect.control.put({
      type: 'Host',
      summary: `h${n}.${owner.replaceAll(/\W/g, '').toLowerCase()}.com`,
      owner,
      rating: 3,
    }),
  );
}

const guarded = { guardShare: 10, guardCount: 500 } as const;

describe('a comparison that would withdraw much', () => {
  it('stops and asks, writes nothing, and once approved does just that', async () => {
    const world = await syncWorld();
    const ids = putHosts(world, 40);
    const job = await world.job(guarded);
    expect((await world.run(job.id, 'reconcile')).state).toBe('done');
    ids.slice(0, 10).forEach((id) => world.threatConnect.control.remove(id));
    const writes = world.tanium.control.writes();
    const stopped = await world.run(job.id, 'reconcile');
    expect([stopped.state, stopped.counts.withdrawn, stopped.message]).toEqual([
      'needs-approval',
      10,
      expect.stringContaining('10 of 40 indicators (25 %) would be withdrawn, more than 10 %'),
    ]);
    expect(world.tanium.control.writes()).toEqual(writes);
    const sync = world.engine.threatSync;
    const page = { runId: stopped.id, actions: ['withdrawn' as const], offset: 0, limit: 50 };
    const { rows } = await sync.plan(page);
    expect([rows.length, new Set(rows.map(({ reason }) => reason))]).toEqual([10, new Set(['deleted'])]);

    // One more is gone meanwhile: that was not approved.
    world.threatConnect.control.remove(ids[10] ?? 0);
    const further = await world.ended((await sync.approve(stopped.id)).id);
    expect([further.state, further.message]).toEqual([
      'needs-approval',
      expect.stringContaining('1 of them were not among'),
    ]);
    const done = await world.ended((await sync.approve(further.id)).id);
    expect([done.state, done.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['done', 11, 29]);
    await expect(sync.approve(done.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('withdraws nothing of an owner that vanished or is closed, and says so', async () => {
    const world = await syncWorld();
    putHosts(world, 10, 'Example Corp');
    putHosts(world, 10, 'Common Community');
    putHosts(world, 10, 'Feed Three');
    const job = await world.job({ owners: ['Example Corp', 'Common Community', 'Feed Three'] });
    expect((await world.run(job.id, 'reconcile')).counts.new).toBe(30);
    world.threatConnect.control.dropOwner('Feed Three');
    world.threatConnect.control.forbid('Common Community');
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['done', 0, 30]);
    expect(run.message).toContain('Feed Three');
    expect(run.message).toContain('Common Community');
  });

  it('withdraws nothing of an owner that fell silent, and all of one whose indicators were deleted', async () => {
    const world = await syncWorld();
    putHosts(world, 10, 'Example Corp');
    putHosts(world, 10, 'Common Community');
    const gone = putHosts(world, 10, 'Feed Three');
    const job = await world.job();
    expect((await world.run(job.id, 'reconcile')).counts.new).toBe(30);
    world.threatConnect.quirk({ forbidsInSilence: true });
    world.threatConnect.control.forbid('Common Community');
    gone.forEach((id) => world.threatConnect.control.remove(id));
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.counts.withdrawn, termsOf(world.tanium).length]).toEqual(['done', 10, 20]);
    expect(run.message).toContain('Common Community');
  });

  it('names all owners that can be read where none is chosen', async () => {
    const world = await syncWorld({ threatConnect: { quirks: { ownerlessIsOrganization: true } } });
    putHosts(world, 5, 'Common Community');
    const job = await world.job();
    expect((await world.run(job.id, 'reconcile')).counts.new).toBe(5);
    expect((await world.run(job.id, 'reconcile')).counts).toMatchObject({ unchanged: 5, withdrawn: 0 });
  });

  it('keeps what changed while its pages were read', async () => {
    const world = await syncWorld();
    const ids = putHosts(world, 30);
    const job = await world.job({ pageSize: 7, ...guarded });
    await world.run(job.id, 'reconcile');
    world.threatConnect.quirk({ ignoresSorting: true });
    let pages = 0;
    world.threatConnect.onPage(() => {
      pages += 1;
      world.threatConnect.control.change(ids[pages] ?? 0, {});
    });
    const run = await world.run(job.id, 'reconcile');
    expect([run.state, run.counts.withdrawn, pages > 1]).toEqual(['done', 0, true]);
  });
});

describe('what is not sent', () => {
  it('holds back own addresses and what is harmless here, and sends a released one with the next run', async () => {
    const world = await syncWorld();
    const { control } = world.threatConnect;
    const md5 = 'a'.repeat(32);
    control.put({ type: 'Address', summary: '10.1.2.3', owner: 'Example Corp' });
    control.put({ type: 'Host', summary: 'www.corp.example.com', owner: 'Example Corp' });
    const file = control.put({ type: 'File', md5, owner: 'Example Corp' });
    putHosts(world, 2);
    await world.engine.hashList.add({
      groups: [{ md5 }],
      side: 'non-malicious',
      note: 'our installer',
      reason: '',
      expiresAt: null,
    });
    const job = await world.job({ own: ['example.com'] });
    const run = await world.run(job.id, 'reconcile');
    expect([run.counts.new, run.counts.held]).toEqual([2, 3]);
    const sync = world.engine.threatSync;
    const { rows } = await sync.indicators({ jobId: job.id, which: 'held', offset: 0, limit: 10 });
    expect(rows.map(({ summary, held }) => [summary.toLowerCase(), held])).toEqual([
      ['10.1.2.3', 'own'],
      ['www.corp.example.com', 'own'],
      [md5, 'hash-list'],
    ]);
    expect(await sync.release({ jobId: job.id, ids: rows.map(({ id }) => id), release: true })).toEqual({ changed: 1 });
    await world.run(job.id, 'run');
    expect(termsOf(world.tanium)).toContain(`FileItem/Md5sum ${md5.toUpperCase()}`);
    await sync.release({ jobId: job.id, ids: [file], release: false });
    await world.run(job.id, 'run');
    expect(termsOf(world.tanium).filter((term) => term.startsWith('FileItem'))).toEqual([]);
  });

  it('keeps out what was called back until it is released', async () => {
    const world = await syncWorld();
    const ids = putHosts(world, 6);
    const job = await world.job();
    const first = await world.run(job.id, 'reconcile');
    const sync = world.engine.threatSync;
    const scope = { kind: 'indicators' as const, ids: ids.slice(0, 2) };
    const requests = world.tanium.log.length + world.threatConnect.log.length;
    const dry = await world.ended((await sync.recall({ jobId: job.id, scope, dryRun: true })).id);
    expect([dry.state, dry.counts.withdrawn, dry.counts.packages]).toEqual(['done', 2, 1]);
    expect(world.tanium.log.length + world.threatConnect.log.length).toBe(requests);
    const recall = await world.ended((await sync.recall({ jobId: job.id, scope, dryRun: false })).id);
    expect([recall.state, termsOf(world.tanium).length]).toEqual(['done', 4]);
    await world.run(job.id, 'reconcile');
    expect(termsOf(world.tanium)).toHaveLength(4);

    await sync.release({ jobId: job.id, ids: scope.ids, release: true });
    await world.run(job.id, 'run');
    expect(termsOf(world.tanium)).toHaveLength(6);
    const ofRun = await sync.recall({ jobId: job.id, scope: { kind: 'run', runId: first.id }, dryRun: false });
    expect((await world.ended(ofRun.id)).counts.withdrawn).toBe(6);
    expect([termsOf(world.tanium), world.tanium.control.intels().length]).toEqual([[], 0]);
    await sync.remove({ jobId: job.id, leave: false });
    expect((await sync.jobs()).jobs).toEqual([]);
  });
});
